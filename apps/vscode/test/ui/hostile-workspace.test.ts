import { openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HostileServer } from "./hostile-server.ts";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const SECRET = "of-the-user-alone";

let world: World;
let hostile: HostileServer;

function settingsOf(port: number): string {
  const place = `postgresql://me@127.0.0.1:${port}`;
  return JSON.stringify({
    "rockpool.autoConnect": "plain",
    "rockpool.connections": [
      { name: "file", connection: `${place}/db?sslkey=/etc/passwd` },
      { name: "variable", connection: `${place}/$\{env:SECRET}` },
      { name: "plain", connection: `${place}/db` },
    ],
  });
}

function dialog(): Locator {
  return world.page.locator(".monaco-dialog-box");
}

async function connect(name: string, decision: "Connect" | "Cancel"): Promise<void> {
  const item = world.treeItem(new RegExp(`^${name}, not connected`));
  await item.hover();
  await item.getByRole("button", { name: "Connect", exact: true }).click();
  await dialog().getByText("Connect to a database that this workspace names?").waitFor();
  await dialog().getByRole("button", { name: decision, exact: true }).click();
  await dialog().waitFor({ state: "hidden" });
}

describe.runIf(canRunEditor)("a workspace of somebody else's", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    hostile = await HostileServer.start();
    const url = `postgresql://me@127.0.0.1:${hostile.port}/found`;
    world = await startWorld({
      isConnected: false,
      isTrusted: false,
      settings: { "workbench.editor.useModal": "off" },
      files: {
        "a.sql": "select 1;\n",
        ".env": `DATABASE_URL=${url}\n`,
        ".vscode/settings.json": settingsOf(hostile.port),
      },
      env: { SECRET, PGPASSWORD: SECRET },
    });
    await openFile(world.page, "a.sql");
    await runCommand(world.page, "View: Show Rockpool");
  }, 300_000);

  afterAll(async () => {
    await world?.stop();
    await hostile?.stop();
  });
  beforeEach(() => world.recordFailure());

  test("is not read, not connected to and not run in Restricted Mode, and says why", async () => {
    await world.page
      .getByText("Rockpool connects to nothing and runs nothing in Restricted Mode, since")
      .waitFor();
    expect(await world.treeItem(/plain|DATABASE_URL/).count()).toBe(0);
    await world.picture("restricted");
    await world.statusBar("Connect").click();
    const message = await world.notification(
      "Rockpool connects to nothing and runs nothing in Restricted Mode.",
    );
    expect(hostile.connections).toBe(0);
    await message.getByRole("button", { name: "Manage Workspace Trust" }).click();
    await world.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await world.page.locator(".workspace-trust-trusted").waitFor();
  });

  test("connects to nothing by itself once it is trusted", async () => {
    await world.treeItem(/^plain, not connected/).waitFor();
    await world.treeItem(/^variable, not connected/).waitFor();
    await world.treeItem(/^DATABASE_URL, found in \.env/).waitFor();
    await connect("plain", "Cancel");
    expect(hostile.connections).toBe(0);
  });

  test("may not read the environment of the user", async () => {
    await connect("variable", "Connect");
    await world.notification("A connection of a workspace may not read environment variables");
    expect(hostile.connections).toBe(0);
  });

  test("may not name files of the machine", async () => {
    await connect("file", "Connect");
    await world.notification(/sets sslkey, which is not among the allowed keys/);
    expect(hostile.connections).toBe(0);
  });

  test("gets no password that was meant for another server, and the user is asked for one", async () => {
    await connect("plain", "Connect");
    await world.page.getByText("Password for plain").waitFor();
    await eventually(() => expect(hostile.connections).toBeGreaterThan(0));
    expect(hostile.received).toContain("me");
    expect(hostile.received).not.toContain(SECRET);
    await world.page.keyboard.press("Escape");
  });
});
