import { spawn } from "node:child_process";
import { EditorError } from "./editor-error.ts";
import { guardGroup, killGroup } from "./guard.ts";

/** The user's own settings; whatever else an outer npm left in the environment was meant for another package. */
const KEPT =
  /^npm_config_(registry|cache|proxy|https_proxy|noproxy|cafile|ca|strict_ssl|userconfig|globalconfig|prefer_offline|offline)$/i;

/** Installs exactly what the lock file in `folder` says, and runs no script of it. */
export function installLocked(folder: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const args = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const child = spawn("npm", [...args, "--workspaces=false"], {
    cwd: folder,
    env: environmentOfNpm(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    shell: process.platform === "win32",
  });
  const { pid } = child;
  const release = pid === undefined ? () => {} : guardGroup(pid);
  const end = (): void => {
    if (pid !== undefined) killGroup(pid, "SIGKILL");
  };
  signal?.addEventListener("abort", end, { once: true });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(installError(error.message)));
    child.once("close", (code) => {
      if (signal?.aborted === true) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(installError(output));
    });
  }).finally(() => {
    signal?.removeEventListener("abort", end);
    release();
  });
}

function environmentOfNpm(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => {
    if (name === "NODE_OPTIONS" || name === "INIT_CWD") return false;
    return !/^npm_/i.test(name) || KEPT.test(name);
  });
  return Object.fromEntries(kept);
}

export function installError(output: string): EditorError {
  if (/ENOSPC|no space left on device/i.test(output)) {
    return new EditorError(
      "EDITOR_DISK_FULL",
      "The disk is full: the editor needs 400 MB in the cache folder.",
    );
  }
  const words = output.trim().split("\n").slice(-15).join("\n");
  return new EditorError(
    "EDITOR_INSTALL",
    `The editor could not be installed. Is the npm registry reachable? npm said:\n${words}`,
  );
}
