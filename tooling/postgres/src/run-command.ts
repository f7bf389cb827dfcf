import { spawn } from "node:child_process";
import { guard, unguard } from "./guard.ts";
import type { ServerUser } from "./server-user.ts";

export interface CommandOptions {
  readonly user?: ServerUser;
  readonly cwd?: string;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program to its end; a program that cannot be run at all resolves too, with the reason as its output. */
export function runCommand(
  command: string,
  args: readonly string[],
  { user = {}, cwd = "/" }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...user,
      cwd,
      // A Ctrl-C in the terminal is for this process, which then ends its children.
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: commandEnvironment(),
    });
    const { pid } = child;
    if (pid !== undefined) guard("child", pid);
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    const settle = (exitCode: number | null) => {
      if (pid !== undefined) unguard("child", pid);
      resolve({ exitCode, output });
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => {
      output += error.message;
      settle(null);
    });
    // On Windows a started server keeps pg_ctl's pipes open, so "close" would never come.
    child.once(process.platform === "win32" ? "exit" : "close", settle);
  });
}

/** The caller's environment without the variables that PostgreSQL's own programs would obey. */
export function commandEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: "C" };
}
