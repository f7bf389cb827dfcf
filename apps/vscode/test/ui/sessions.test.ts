import { goToLine, openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const WORK = `begin;
insert into notes values ('kept');
select nope;
select 'still here' as answer;
create temporary table scratch (a int);
select pg_backend_pid() as pid;
select pg_sleep(30);
select count(*) as scratched, current_setting('work_mem') as memory from scratch;
set work_mem = '7MB';
`;

let world: World;

async function count(text: string): Promise<number> {
  const { rows } = await world.ask(`select from notes where text = '${text}'`);
  return rows.length;
}

/** The colour of the session's item: nothing is on it unless something is out of the ordinary. */
function sessionItem(): Locator {
  return world.page.locator('[id="rockpool.rockpool.rockpool.session"]');
}

function dialog(): Locator {
  return world.page.locator(".monaco-dialog-box");
}

async function choose(text: string): Promise<void> {
  await world.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
}

async function begin(file: string, note: string): Promise<void> {
  await openFile(world.page, file);
  await world.runAt(1);
  await sessionItem().getByText(/TX/).waitFor();
  await world.ask(`delete from notes where text = '${note}'`);
}

async function insert(): Promise<void> {
  await world.runAt(2);
  await world.panel.getByText("INSERT 1").waitFor();
}

async function rolledBack(): Promise<void> {
  await runCommand(world.page, "Rockpool: Roll Back Transaction");
  await world.treeItem(/^#1, idle/).waitFor();
}

async function rename(from: string, to: string): Promise<void> {
  await runCommand(world.page, "View: Show Explorer");
  await world.page.getByRole("treeitem", { name: from }).click();
  await world.page.keyboard.press("F2");
  const box = world.page.locator(".explorer-folders-view input");
  await box.fill(to);
  await world.page.keyboard.press("Enter");
  await world.page.getByRole("tab", { name: to }).waitFor();
  await runCommand(world.page, "View: Show Rockpool");
  await world.page.getByRole("tab", { name: to }).click();
}

describe.runIf(canRunEditor)("the session of an editor", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({
      files: { "work.sql": WORK, "closed.sql": WORK, "lost.sql": WORK, "modes.sql": WORK },
    });
    await world.ask("create table notes (text text)");
    await openFile(world.page, "work.sql");
    await world.statusBar("shop").waitFor();
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/Pool shop/).waitFor();
  }, 300_000);

  afterAll(() => world?.stop());
  beforeEach(() => world.recordFailure());

  test("shows an open transaction with its age, and commits it from there", async () => {
    await begin("work.sql", "kept");
    await insert();
    await sessionItem()
      .getByText(/TX \d+ s/)
      .click();
    await world.picture("session-menu");
    await choose("Commit");
    await world.treeItem(/^#1, idle/).waitFor();
    await sessionItem().waitFor({ state: "hidden" });
    expect(await count("kept")).toBe(1);
  });

  test("shows a failed transaction as an error, which can only be rolled back", async () => {
    await begin("work.sql", "kept");
    await world.runAt(3);
    await sessionItem().getByText("TX failed").waitFor();
    expect(await sessionItem().getAttribute("class")).toContain("error-kind");
    await world.runAt(4);
    await world.panel.getByText("current transaction is aborted").first().waitFor();
    await world.picture("failed-transaction");
    await sessionItem().getByText("TX failed").click();
    expect(
      await world.page.locator(".quick-input-list .monaco-list-row", { hasText: "Commit" }).count(),
    ).toBe(0);
    await choose("Roll Back");
    await world.treeItem(/^#1, idle/).waitFor();
  });

  test("keeps temporary tables and settings from run to run, says so, and gives them up on request", async () => {
    await openFile(world.page, "work.sql");
    await world.runAt(5);
    await sessionItem().getByText("temporary table").waitFor();
    await world.runAt(9);
    await sessionItem().getByText("session settings").waitFor();
    await world.treeItem(/work\.sql:9.*session settings/).waitFor();
    await world.runAt(8);
    await world.panel.getByText("7MB").waitFor();
    await runCommand(world.page, "Rockpool: Release Connection");
    await sessionItem().waitFor({ state: "hidden" });
    await world.runAt(8);
    await world.panel.getByText('relation "scratch" does not exist').first().waitFor();
  });

  test("is shared by two tabs of one document, and outlives one of them", async () => {
    await begin("work.sql", "kept");
    await runCommand(world.page, "View: Split Editor Right");
    await runCommand(world.page, "View: Close Editor");
    await sessionItem().getByText(/TX/).waitFor();
    await world.treeItem(/work\.sql:1.*open transaction/).waitFor();
    await rolledBack();
  });

  test("keeps the transaction of an editor that was closed until the user has decided", async () => {
    await begin("closed.sql", "kept");
    await insert();
    await runCommand(world.page, "View: Close Editor");
    const question = await world.notification("closed.sql was closed with an open transaction on shop");
    await world.picture("closed-editor");
    await world.treeItem(/closed\.sql:2.*open transaction/).waitFor();
    await question.getByRole("button", { name: "Reopen Editor" }).click();
    await world.page.getByRole("tab", { name: "closed.sql", selected: true }).waitFor();
    await world.closeNotifications();
    await sessionItem().getByText(/TX/).waitFor();
    await world.page.getByRole("tab", { name: "closed.sql" }).click();
    await runCommand(world.page, "View: Close Editor");
    await world.answer("closed.sql was closed", "Commit");
    await world.treeItem(/^#1, idle/).waitFor();
    expect(await count("kept")).toBe(1);
  });

  test("goes with a file that is renamed, and with an untitled document that is saved", async () => {
    await runCommand(world.page, "File: New Untitled Text File");
    await runCommand(world.page, "Change Language Mode");
    await world.page.locator(".quick-input-widget:visible input").first().fill("sql");
    await choose("SQL");
    await world.page.keyboard.type("begin;");
    await world.page.keyboard.press("Control+Enter");
    await sessionItem().getByText(/TX/).waitFor();
    await world.page.keyboard.press("Control+s");
    const input = world.page.locator(".quick-input-widget:visible input").first();
    await eventually(async () => expect(await input.inputValue()).toMatch(/\.sql$/));
    await world.page.keyboard.press("Enter");
    await world.treeItem(/begin;\.sql:1.*open transaction/).waitFor();
    await rename("begin;.sql", "renamed.sql");
    await world.treeItem(/renamed\.sql:1.*open transaction/).waitFor();
    await sessionItem().getByText(/TX/).waitFor();
    await rolledBack();
  });

  test("asks before it leaves a connection with an open transaction", async () => {
    await begin("work.sql", "kept");
    await runCommand(world.page, "Rockpool: Switch Connection of This Editor…");
    await choose("No Connection");
    await dialog().getByText("work.sql has an open transaction on shop.").waitFor();
    await world.picture("leave-transaction");
    await world.page.keyboard.press("Escape");
    await sessionItem().getByText(/TX/).waitFor();
    await runCommand(world.page, "Rockpool: Disconnect");
    await dialog().getByRole("button", { name: "Roll Back" }).click();
    await world.statusBar("Connect").waitFor();
    await runCommand(world.page, "Rockpool: Connect…");
    await choose("shop");
    await world.statusBar("shop").waitFor();
  });

  test("that is pinned keeps its connection, one that is pooled keeps nothing", async () => {
    await openFile(world.page, "modes.sql");
    await runCommand(world.page, "Rockpool: Session Mode of This Editor…");
    await choose("Pinned");
    await world.runAt(6);
    await sessionItem().getByText("pinned").waitFor();
    await world.treeItem(/modes\.sql:6.*pinned/).waitFor();
    await runCommand(world.page, "Rockpool: Session Mode of This Editor…");
    await choose("Pooled");
    await world.treeItem(/^#1, idle/).waitFor();
    await world.runAt(5);
    await world.notification(
      "modes.sql is pooled, so its connection went back, and with it: temporary table.",
    );
    await world.closeNotifications();
    await sessionItem().getByText("pooled").waitFor();
  });

  test("says when its connection is lost, and goes on only when that has been seen", async () => {
    await begin("lost.sql", "kept");
    await world.ask(
      "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'",
    );
    await world.notification("lost.sql lost its connection to shop, and with it: open transaction.");
    await world.closeNotifications();
    await sessionItem().waitFor({ state: "hidden" });
    await world.runAt(4);
    await world.panel
      .getByText(/the connection that this editor kept was lost/)
      .first()
      .waitFor();
    await world.picture("lost");
    await world.runAt(4);
    await world.panel.getByText("still here").waitFor();
  });

  test("ends with its run where it is disconnected meanwhile", async () => {
    await openFile(world.page, "work.sql");
    await world.runAt(7);
    await world.statusBar(/\d s/).waitFor();
    await runCommand(world.page, "Rockpool: Disconnect");
    await world.panel.getByText("cancelled").first().waitFor();
    const active =
      "select from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()";
    await eventually(async () => expect((await world.ask(active)).rows).toHaveLength(0));
    await goToLine(world.page, 1);
  });

  test("is rolled back when the window goes", async () => {
    await runCommand(world.page, "Rockpool: Connect…");
    await choose("shop");
    await world.statusBar("shop").waitFor();
    await begin("lost.sql", "kept");
    await insert();
    await runCommand(world.page, "Developer: Reload Window");
    const open = "select from pg_stat_activity where state like 'idle in transaction%'";
    await vi.waitFor(async () => expect((await world.ask(open)).rows).toHaveLength(0), 30_000);
    expect(await count("kept")).toBe(0);
  });
});
