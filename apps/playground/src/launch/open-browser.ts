import { spawn } from "node:child_process";

/** Opens the address in the user's browser where there is a screen to show it on; whether that was tried. */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const command = openerOf(process.platform, environment);
  if (command === null) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  // The address is printed anyway.
  child.on("error", () => {});
  child.unref();
  return true;
}

export function openerOf(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | null {
  if (environment.CI || environment.SSH_CONNECTION || environment.BROWSER === "none") return null;
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["explorer.exe"];
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ["xdg-open"] : null;
}
