// A process of its own that outlives its parent by a moment: when the pipe on its standard input ends, however the
// parent died, it stops what the parent had started and removes the parent's temporary folders.
//
// One command a line: "<+ or -> <child | server | folder> <pid or path>".
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const STOP_TIMEOUT_MILLIS = 5_000;
const POLL_MILLIS = 20;

const guarded = { child: new Set(), server: new Set(), folder: new Set() };

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function obey(line) {
  const [, sign, kind, subject] = /^([+-]) (\w+) (.+)$/.exec(line) ?? [];
  if (kind === undefined || !(kind in guarded)) return;
  if (sign === "+") guarded[kind].add(subject);
  else guarded[kind].delete(subject);
}

function kill(pid, signal) {
  if (process.platform === "win32")
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
  else attempt(() => process.kill(pid, signal));
}

function serverPid(dataDirectory) {
  const text = attempt(() => readFileSync(join(dataDirectory, "postmaster.pid"), "utf8"));
  const pid = Number.parseInt(text?.split("\n")[0] ?? "", 10);
  return pid > 1 ? pid : null;
}

/** A process that nobody reaps still has a pid: the state in /proc tells it from a live one. */
function isAlive(pid) {
  if (attempt(() => process.kill(pid, 0)) === undefined) return false;
  const state = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0]);
  return state !== "Z";
}

function pause(millis) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

function waitUntilDead(pids) {
  const deadline = Date.now() + STOP_TIMEOUT_MILLIS;
  while (Date.now() < deadline) {
    if (!pids.some(isAlive)) return;
    pause(POLL_MILLIS);
  }
  for (const pid of pids) kill(pid, "SIGKILL");
}

/** Children of a killed initdb or pg_ctl, which may be about to write a pid file. */
function descendants(pid) {
  if (process.platform === "win32") return [];
  const found = attempt(() => execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })) ?? "";
  const children = found.split("\n").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function cleanUp() {
  const children = [...guarded.child].map(Number);
  const doomed = children.flatMap((pid) => [pid, ...descendants(pid)]);
  for (const pid of doomed) kill(pid, "SIGKILL");
  const servers = [...guarded.server].map(serverPid).filter((pid) => pid !== null);
  for (const pid of servers) kill(pid, "SIGQUIT");
  waitUntilDead([...doomed, ...servers]);
  for (const folder of guarded.folder)
    attempt(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

// The terminal's Ctrl-C is for the parent, whose end is what counts here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
createInterface({ input: process.stdin }).on("line", obey).on("close", cleanUp);
