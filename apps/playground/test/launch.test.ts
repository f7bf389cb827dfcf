import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { describeAddresses, withoutPassword } from "../src/launch/describe-addresses.ts";
import { openerOf } from "../src/launch/open-browser.ts";
import { reportToEditor } from "../src/launch/start-telemetry.ts";
import { workbenchSettings } from "../src/launch/start-workbench.ts";

test.each([
  ["postgresql://app:secret@db/orders", "postgresql://app:***@db/orders"],
  ["postgresql://app@db/orders", "postgresql://app@db/orders"],
  [
    "postgresql://db/orders?password=secret&sslmode=require",
    "postgresql://db/orders?password=***&sslmode=require",
  ],
  ["host=db password='se cret' dbname=orders", "host=db password=*** dbname=orders"],
])("no password is shown in %s", (connection, shown) => {
  expect(withoutPassword(connection)).toBe(shown);
});

test("every address is told, and the password of a user's own database is not", () => {
  const text = describeAddresses({
    database: { url: "postgresql://app:secret@db/orders", isOwn: false },
    playground: { url: "http://127.0.0.1:8080" },
    workbench: { url: "http://127.0.0.1:9090/?folder=/w" },
  });
  expect(text).toContain("http://127.0.0.1:9090/?folder=/w");
  expect(text).toContain("http://127.0.0.1:8080/pool");
  expect(text).toContain("postgresql://app:***@db/orders");
  expect(text).not.toContain("secret");
});

test("a browser is opened only where there is a screen", () => {
  expect(openerOf("linux", {})).toBeNull();
  expect(openerOf("linux", { DISPLAY: ":0" })).toEqual(["xdg-open"]);
  expect(openerOf("linux", { DISPLAY: ":0", CI: "true" })).toBeNull();
  expect(openerOf("darwin", {})).toEqual(["open"]);
  expect(openerOf("darwin", { SSH_CONNECTION: "10.0.0.1" })).toBeNull();
});

test("the editor's settings hold no address, so no password of a user's database lies in a file", () => {
  expect(JSON.stringify(workbenchSettings(4318))).toMatch(/\$\{env:DATABASE_URL\}/);
});

test("the playground reports to the editor's port, and the editor listens there", () => {
  expect(reportToEditor({}, 41_318)).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:41318",
    // An editor that is gone would be waited for ten seconds.
    OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
  });
  expect(workbenchSettings(41_318)).toMatchObject({
    "rockpool.receiver.enabled": true,
    "rockpool.receiver.port": 41_318,
  });
});

test("without an editor, and where the user sends telemetry elsewhere, nothing is changed", () => {
  expect(reportToEditor({}, null)).toEqual({});
  expect(reportToEditor({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, 41_318)).toEqual({});
  expect(workbenchSettings(null)).toMatchObject({ "rockpool.receiver.enabled": false });
});

test("the editor's folder goes with its process, even with one that is killed", async () => {
  const module = pathToFileURL(join(import.meta.dirname, "..", "dist", "launch", "workspace.js")).href;
  const program = `const { makeWorkspace } = await import("${module}");
    process.stdout.write((await makeWorkspace()).folder, () => process.kill(process.pid, "SIGKILL"));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
  const folder = stdout.toString();
  expect(folder).toContain("rockpool-shop-");
  await expect.poll(() => existsSync(folder)).toBe(false);
});
