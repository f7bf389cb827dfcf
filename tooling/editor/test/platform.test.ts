import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimPort } from "../src/free-port.ts";
import { ensureEditor, findChromium } from "../src/index.ts";
import { takeInstallLock } from "../src/install-lock.ts";
import { kitCacheFolder, requireSupportedPlatform } from "../src/kit.ts";
import { installError } from "../src/run-npm.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-editor-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("Linux on x64 and arm64 is supported with any Node.js, macOS with one that has module hooks", () => {
  expect(() => requireSupportedPlatform("linux", "x64", "20.19.0")).not.toThrow();
  expect(() => requireSupportedPlatform("linux", "arm64", "20.19.0")).not.toThrow();
  expect(() => requireSupportedPlatform("darwin", "arm64", "24.1.0")).not.toThrow();
});

test.each([
  ["win32", "x64", "24.1.0", "Run it on Linux (x64, arm64), in WSL or in a container"],
  ["linux", "riscv64", "24.1.0", "Run it on Linux"],
  ["darwin", "arm64", "20.19.0", "Run it with Node.js 22.15 or newer"],
])("%s-%s with Node.js %s is refused with what to do instead", (platform, arch, version, remedy) => {
  expect(() => requireSupportedPlatform(platform, arch, version)).toThrow(remedy);
  expect(() => requireSupportedPlatform(platform, arch, version)).toThrow("npm start -- --no-editor");
});

test("the installation lies in the user's cache folder, under a name that its contents decide", () => {
  expect(kitCacheFolder({ XDG_CACHE_HOME: "/var/cache/me" })).toMatch(
    /^\/var\/cache\/me\/rockpool\/editor-[0-9a-f]{12}$/,
  );
});

test("a finished installation is used as it is", async () => {
  mkdirSync(join(folder, "kit"));
  writeFileSync(join(folder, "kit", "complete"), "4.139.1");
  const lines: string[] = [];
  const kit = await ensureEditor({ folder: join(folder, "kit"), onProgress: (line) => lines.push(line) });
  expect(kit.folder).toBe(join(folder, "kit"));
  expect(lines).toEqual([]);
});

test("an installation that is given up leaves nothing behind", async () => {
  const signal = AbortSignal.abort(new Error("Ctrl-C"));
  await expect(ensureEditor({ folder: join(folder, "kit"), signal })).rejects.toThrow("Ctrl-C");
  expect(readdirSync(folder)).toEqual([]);
});

test("one process installs while the others wait for it", async () => {
  const lock = join(folder, "lock");
  const free = { isDone: () => false, onWait: () => {} };
  const release = await takeInstallLock(lock, free);
  let isDone = false;
  let waits = 0;
  const other = takeInstallLock(lock, { isDone: () => isDone, onWait: () => (waits += 1) });
  isDone = true;
  release?.();
  expect(await other).toBeNull();
  expect(waits).toBe(1);
});

test("a lock whose owner is gone holds nobody up", async () => {
  writeFileSync(join(folder, "lock"), "999999999");
  const release = await takeInstallLock(join(folder, "lock"), { isDone: () => false, onWait: () => {} });
  expect(release).not.toBeNull();
  release?.();
});

test("a port in use is refused by its number, and 0 finds a free one", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  await expect(claimPort(port)).rejects.toMatchObject({ code: "EDITOR_PORT_IN_USE" });
  await expect(claimPort(port)).rejects.toThrow(`Port ${port} is in use`);
  expect(await claimPort(0)).toBeGreaterThan(0);
  await new Promise((resolve) => server.close(resolve));
});

test("a full disk and a registry that cannot be reached are told apart", () => {
  expect(installError("npm error ENOSPC: no space left on device, write")).toMatchObject({
    code: "EDITOR_DISK_FULL",
  });
  expect(installError("npm error network ETIMEDOUT")).toMatchObject({ code: "EDITOR_INSTALL" });
});

test("CHROMIUM_PATH goes before what is installed", () => {
  expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
});
