import { openFile, runCommand } from "@rockpool/editor";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

const PASSWORD = "correct horse 'battery'";
const DEMAND_PASSWORDS = "host all all 127.0.0.1/32 scram-sha-256\n";

let world: World;

describe.runIf(canRunEditor)("a connection string that is pasted", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "a.sql": "select current_user as me;\n" }, isConnected: false });
    await world.ask(`create role alice login password '${PASSWORD.replaceAll("'", "''")}'`);
    await world.postgres.setHba(DEMAND_PASSWORDS);
    await openFile(world.page, "a.sql");
    await runCommand(world.page, "View: Show Rockpool");
  }, 300_000);

  afterAll(() => world?.stop());
  beforeEach(() => world.recordFailure());

  async function answer(text: string): Promise<void> {
    const input = world.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(text);
    await world.page.keyboard.press("Enter");
  }

  test("asks for the password that it does not hold, and once more where that is wrong", async () => {
    const { port } = world.postgres;
    await runCommand(world.page, "Rockpool: Connect…");
    await answer(`postgresql://alice@127.0.0.1:${port}/postgres`);
    await world.page.getByText("Password for").waitFor();
    await answer("wrong");
    await world.page.getByText("The server did not accept the password").waitFor();
    await world.picture("password");
    await answer(PASSWORD);
    await world.treeItem(/^Pool /).waitFor();
  });

  test("then runs statements as that user", async () => {
    await world.page.getByRole("tab", { name: "a.sql" }).click();
    await world.runAt(1);
    await world.panel.getByText("alice").waitFor();
    await world.picture("connected");
  });

  test("is kept without the password, which lies in the secret storage", async () => {
    await runCommand(world.page, "Preferences: Open User Settings (JSON)");
    await world.page.getByRole("tab", { name: "settings.json" }).waitFor();
    const text = await world.page.locator(".monaco-editor .view-lines").last().textContent();
    expect(text).not.toContain("battery");
  });
});
