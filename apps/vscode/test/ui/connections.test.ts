import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const PASSWORD = "correct horse 'battery'";
const KEY = "rockpool.connections";
const THEMES = [
  ["Dark Modern", "vs-dark"],
  ["Default High Contrast", "hc-black"],
  ["Default High Contrast Light", "hc-light"],
  ["Light Modern", "vs"],
] as const;

interface Profile {
  readonly name: string;
  readonly [key: string]: unknown;
}

const DEMAND_PASSWORDS = "host all alice 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";
const ORDERS = `select current_user as me;

delete from shop.order_lines;

create function shop.pay() returns int language sql volatile as 'select 1';

select count(*) from shop.products;

select shop.pay();

set session characteristics as transaction read write;

begin;
`;

let world: World;

function input(): Locator {
  return world.page.locator('.quick-input-widget input:not([type="checkbox"])').first();
}

function pickRow(text: string | RegExp): Locator {
  return world.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
}

/** Runs in the page: the box of a question forgets what was typed into it before it was drawn whole. */
const DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))";

/** Waits for a question by its words and answers it. */
async function answer(question: string | RegExp, text: string): Promise<void> {
  await world.page.locator(".quick-input-widget", { hasText: question }).waitFor();
  await eventually(async () => {
    await input().fill(text);
    await world.page.evaluate(DRAWN);
    expect(await input().inputValue()).toBe(text);
  });
  await world.page.keyboard.press("Enter");
}

/** Chooses the row whose label begins so, whatever other rows say. */
async function choose(question: string, row: string): Promise<void> {
  await world.page.getByPlaceholder(question).fill(row);
  const label = world.page.locator(".label-name", { hasText: new RegExp(`^\\s*${row}`) });
  await world.page.locator(".quick-input-list .monaco-list-row").filter({ has: label }).first().click();
}

function title(text: string): Locator {
  return world.page.locator(".quick-input-title", { hasText: text });
}

function dialog(): Locator {
  return world.page.locator(".monaco-dialog-box");
}

/** What a decoration shows beside the name of a tab, as it is drawn. */
function tabBadge(name: string): Promise<string> {
  const label = world.page.locator(`.tab[data-resource-name="${name}"] .monaco-icon-label`);
  return label.evaluate((element) => getComputedStyle(element, "::after").content);
}

/** Picks a connection in the list that a command shows. */
async function runOn(command: string, name: string): Promise<void> {
  await runCommand(world.page, command);
  const label = world.page.locator(".label-name", { hasText: new RegExp(`^\\s*${name}\\s*$`) });
  await world.page.locator(".quick-input-list .monaco-list-row").filter({ has: label }).click();
}

/** Rewrites the profiles of the workspace in its file. */
function changeProfiles(change: (profile: Profile) => Profile): void {
  world.changeWorkspace((settings) => ({ [KEY]: profilesIn(settings).map(change) }));
}

function addProfile(profile: Profile): void {
  world.changeWorkspace((settings) => ({ [KEY]: [...profilesIn(settings), profile] }));
}

function profilesIn(settings: Readonly<Record<string, unknown>>): Profile[] {
  const profiles = settings[KEY];
  return Array.isArray(profiles) ? profiles : [];
}

describe.runIf(canRunEditor)("connections", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({
      isConnected: false,
      folders: ["app", "jobs"],
      files: ({ port }) => ({
        "app/orders.sql": ORDERS,
        "jobs/other.sql": "select 2;\n",
        "app/.env": `DATABASE_URL=postgresql://postgres@127.0.0.1:${port}/postgres\n`,
        "app/.env.example": "DATABASE_URL=postgresql://somebody@example.com/sample\n",
        "service.conf": `[reports]\nhost=127.0.0.1\nport=${port}\ndbname=postgres\nuser=postgres\n`,
        passwords: `db.example.com:5432:stock:keeper:hidden\n`,
      }),
      env: { PGSERVICEFILE: "$WORKSPACE/service.conf", PGPASSFILE: "$WORKSPACE/passwords" },
    });
    await world.ask(`create role alice login superuser password '${PASSWORD.replaceAll("'", "''")}'`);
    await world.postgres.setHba(DEMAND_PASSWORDS);
    await openFile(world.page, "orders.sql");
  }, 300_000);

  afterAll(() => world?.stop());
  beforeEach(() => world.recordFailure());

  test("that lie about are found once the view is in sight, and offered to who has none", async () => {
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/^DATABASE_URL, found in app\/\.env/).waitFor();
    await world.treeItem(/^reports, found in .*service\.conf/).waitFor();
    await world.treeItem(/^stock@db\.example\.com, found in .*passwords/).waitFor();
    expect(await world.treeItem(/example\.com\/sample/).count()).toBe(0);
    expect(await world.page.getByText("hidden").count()).toBe(0);
    await world.notification("Found DATABASE_URL in app/.env");
    await world.picture("connections-found");
  });

  test("of a workspace are confirmed before the first connect, and need one click", async () => {
    const offer = await world.notification("Found DATABASE_URL");
    await offer.getByRole("button", { name: "Connect" }).click();
    await dialog().getByText("Connect to a database that this workspace names?").waitFor();
    await dialog().getByRole("button", { name: "Connect" }).click();
    await world.treeItem(/^postgres, connected/).waitFor();
    expect(await world.treeItem(/^DATABASE_URL, found in app\/\.env/).count()).toBe(0);
    expect(world.userSettings()).not.toContain("postgres@127.0.0.1");
  });

  test("are found anew when a .env file changes", async () => {
    const file = join(world.editor.folder, "app", ".env");
    writeFileSync(
      file,
      `${readFileSync(file, "utf8")}BILLING_DATABASE_URL=postgres://db.example.com/billing\n`,
    );
    await world.treeItem(/^BILLING_DATABASE_URL, found in app\/\.env/).waitFor();
  });

  test("are understood from whatever is pasted, and tested before they are saved", async () => {
    await runCommand(world.page, "Rockpool: Add Connection…");
    await choose("How do you know the database?", "Paste a connection");
    await title("New Connection (1/2)").waitFor();
    await input().fill("mysql://nope");
    await world.page.getByText("There is no PostgreSQL connection in this text.").waitFor();
    await input().fill(`psql -h 127.0.0.1 -p ${world.postgres.port} -U alice postgres`);
    await world.page.getByText(/Command line: postgresql:\/\/alice@127/).waitFor();
    await world.picture("wizard-paste");
    await world.page.keyboard.press("Enter");
    await title("New Connection (2/2)").waitFor();
    await world.picture("wizard-review");
    await choose("Test it, or choose what to change", "Name");
    await title("New Connection: Name").waitFor();
    await answer("Name", "alice's");
    await choose("Test it, or choose what to change", "Test, Save and Connect");
  });

  test("ask for the password that they do not hold, and once more where that is wrong", async () => {
    await answer("Password for alice's", "wrong");
    await answer("The server did not accept the password", PASSWORD);
    await world.notification(/Connected to alice's: PostgreSQL \d+.*not encrypted, answers in [\d.]+ ms/);
    await world.treeItem(/^alice's, connected/).waitFor();
    await world.picture("wizard-connected");
  });

  test("are kept without the password, which lies in the secret storage", async () => {
    expect(world.userSettings()).toContain("alice's");
    expect(world.userSettings()).not.toContain("battery");
    await runCommand(world.page, "Rockpool: Test Connection");
    await title("Test Connection").waitFor();
    await pickRow("alice's").click();
    await world.notification("alice's works: PostgreSQL");
  });

  test("then run statements as that user", async () => {
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await world.runAt(1);
    await world.panel.getByText("alice", { exact: true }).waitFor();
  });

  test("keep their password, their editors and what is open under a new name", async () => {
    await runOn("Rockpool: Rename Connection…", "alice's");
    await title("Rename alice's").waitFor();
    await input().fill("postgres 2");
    await world.page.keyboard.press("Enter");
    await world.treeItem(/^postgres 2, connected/).waitFor();
    await runOn("Rockpool: Rename Connection…", "postgres 2");
    await answer("Rename postgres 2", "alice");
    await world.treeItem(/^alice, connected/).waitFor();
    expect(await world.treeItem(/^postgres 2/).count()).toBe(0);
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await world.statusBar("alice").waitFor();
    expect(world.userSettings()).not.toContain("alice's");
  });

  test("are copied with their password", async () => {
    await runOn("Rockpool: Duplicate Connection…", "alice");
    await world.page.locator(".quick-input-list .monaco-list-row", { hasText: "alice 2" }).waitFor();
    await choose("Test it, or choose what to change", "Test, Save and Connect");
    await world.treeItem(/^alice 2, connected/).waitFor();
    expect(world.userSettings()).toContain('"alice 2"');
  });

  test("are removed once that is confirmed, and not while somebody wants to keep a transaction", async () => {
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await runOn("Rockpool: Switch Connection of This Editor…", "alice 2");
    await world.statusBar("alice 2").waitFor();
    await world.runAt(13);
    await world.statusBar(/TX/).waitFor();
    for (const decision of ["Cancel", "Roll Back"]) {
      await runOn("Rockpool: Remove Connection", "alice 2");
      await dialog().getByText("Remove the connection alice 2 and its password?").waitFor();
      await dialog().getByRole("button", { name: "Remove" }).click();
      await dialog().getByText("orders.sql has an open transaction on alice 2.").waitFor();
      expect(world.userSettings()).toContain('"alice 2"');
      await dialog().getByRole("button", { name: decision }).click();
      await dialog().waitFor({ state: "hidden" });
    }
    await world.treeItem(/^alice 2/).waitFor({ state: "detached" });
    await eventually(() => expect(world.userSettings()).not.toContain('"alice 2"'));
  });

  test("that hold a password in the settings are pointed out, and a click moves it", async () => {
    const user = `alice:${encodeURIComponent(PASSWORD)}`;
    addProfile({
      name: "exposed",
      connection: `postgresql://${user}@127.0.0.1:${world.postgres.port}/postgres`,
    });
    const item = world.treeItem(/^exposed, not connected/);
    await item.hover();
    await item.getByRole("button", { name: "Connect", exact: true }).click();
    await dialog().getByRole("button", { name: "Connect", exact: true }).click();
    await world.answer("The password of exposed stands in the settings", "Move to Secret Storage");
    await eventually(() => expect(world.workspaceFile()).not.toContain("battery"));
    await runOn("Rockpool: Test Connection", "exposed");
    await world.notification("exposed works: PostgreSQL");
  });

  test("that somebody changes in the settings are guarded at once, or offered to be opened anew", async () => {
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await world.statusBar("exposed").waitFor();
    changeProfiles((profile) =>
      profile.name === "exposed" ? { ...profile, environment: "production" } : profile,
    );
    await world.statusBar("PROD exposed").waitFor();
    changeProfiles((profile) => (profile.name === "exposed" ? { ...profile, readOnly: true } : profile));
    await world.answer("The settings of exposed have changed; it is still connected as before.", "Reconnect");
    await world.statusBar("PROD exposed").locator(".codicon-lock").waitFor();
  });

  test("are made step by step, with a way back and a reason where the test fails", async () => {
    await runCommand(world.page, "Rockpool: Add Connection…");
    await choose("How do you know the database?", "Step by step");
    await title("New Connection (1/11)").waitFor();
    await answer("Host", "127.0.0.1");
    await title("New Connection (2/11)").waitFor();
    await input().fill("99999");
    await world.page.getByText("A port is a number from 1 to 65535").waitFor();
    await world.page.keyboard.press("Enter");
    await title("New Connection (2/11)").waitFor();
    await world.page.locator(".quick-input-titlebar").getByRole("button", { name: "Back" }).click();
    await title("New Connection (1/11)").waitFor();
    expect(await input().inputValue()).toBe("127.0.0.1");
    await world.page.keyboard.press("Enter");
    await answer("Port", "1");
    await answer("Database.", "postgres");
    await answer("User.", "postgres");
    await answer("Password.", "");
    await title("New Connection (6/11)").waitFor();
    await world.picture("wizard-tls");
    await choose("How the connection is encrypted", "prefer");
    await answer("Name", "orders");
    await world.picture("wizard-environment");
    await choose("What the database is for", "Production");
    await choose("What may be done with it", "Read and write");
    await choose("Where it is saved", "Workspace settings");
    await choose("Test it, or choose what to change", "Test, Save and Connect");
    await pickRow(/ECONNREFUSED/).waitFor();
    await pickRow("Save Anyway").waitFor();
    await world.picture("wizard-failure");
    await choose("Test it, or choose what to change", "Port");
    await title("New Connection: Port").waitFor();
    await answer("Port", String(world.postgres.port));
    await choose("Test it, or choose what to change", "Test Again, Save and Connect");
    const orders = world.treeItem(/^orders, connected, Production/);
    await orders.getByText(/^● Production/).waitFor();
    await world.notification("Connected to orders");
    await runCommand(world.page, "Notifications: Clear All Notifications");
    expect(world.workspaceFile()).toMatch(/"name":\s*"orders"/);
  });

  test("to production are marked in the status bar and at the tab", async () => {
    await world.statusBar("PROD orders").waitFor();
    await eventually(async () => expect(await tabBadge("orders.sql")).toBe('"P"'));
    await world.picture("production");
  });

  test("to production are marked in each theme, and by more than a colour", async () => {
    const item = world.statusBar("PROD orders");
    for (const [theme, kind] of THEMES) {
      world.changeWorkspace(() => ({ "workbench.colorTheme": theme }));
      await world.page.locator(`.monaco-workbench.${kind}`).waitFor();
      await item.locator(".codicon-flame").waitFor();
      expect(await tabBadge("orders.sql")).toBe('"P"');
      await world.picture(`production-${kind}`);
    }
  });

  test("to production ask before a statement that writes, naming it and the target", async () => {
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await world.runAt(3);
    await dialog().getByText("DELETE on production/orders: 1 statement").waitFor();
    await dialog().getByText("DELETE shop.order_lines (line 3): every row, since it has no WHERE").waitFor();
    await world.picture("production-asks");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await dialog().waitFor({ state: "hidden" });
    const { rows } = await world.ask("select count(*)::int as n from shop.order_lines");
    expect(rows[0]?.n).toBeGreaterThan(0);
  });

  test("to production run a write once it is confirmed, and a read without a question", async () => {
    await world.runAt(7);
    await world.panel.getByText("count").first().waitFor();
    await world.runAt(5);
    await dialog().getByText("CREATE FUNCTION on production/orders: 1 statement").waitFor();
    await dialog().getByRole("button", { name: "Run on Production" }).click();
    await world.panel.getByText("CREATE FUNCTION").first().waitFor();
    await world.runAt(9);
    await dialog().getByText("CALL pay() (line 9): may write").waitFor();
    await dialog().getByRole("button", { name: "Cancel" }).click();
  });

  test("that are read-only are so on the server, and what would lift that is refused", async () => {
    await runCommand(world.page, "Rockpool: Edit Connection…");
    await title("Edit Connection").waitFor();
    await pickRow("orders").click();
    await choose("Test it, or choose what to change", "Access");
    await choose("What may be done with it", "Read-only");
    await choose("Test it, or choose what to change", "Save in");
    await choose("Where it is saved", "Settings of the folder jobs");
    await choose("Test it, or choose what to change", "Test, Save and Connect");
    await world.treeItem(/^orders, connected, Production, Read-only/).waitFor();
    expect(world.workspaceFile()).not.toContain('"orders"');
    const file = join(world.editor.folder, "jobs", ".vscode", "settings.json");
    expect(readFileSync(file, "utf8")).toMatch(/"readOnly":\s*true/);
    await world.page.getByRole("tab", { name: "orders.sql" }).click();
    await world.runAt(3);
    await world.panel.getByText("cannot execute DELETE in a read-only transaction").first().waitFor();
    await world.runAt(11);
    await world.notification("orders is a read-only connection, and this would make its session writable");
    await world.picture("read-only");
  });

  test("can be taken from an editor, whose keys are then its own again", async () => {
    await openFile(world.page, "other.sql");
    await runCommand(world.page, "Rockpool: Switch Connection of This Editor…");
    await pickRow("No Connection").click();
    await world.page.getByRole("tab", { name: "other.sql" }).click();
    await world.runAt(1);
    await runCommand(world.page, "File: Save");
    const file = join(world.editor.folder, "jobs", "other.sql");
    await eventually(() => expect(readFileSync(file, "utf8")).toBe("select 2;\n\n"));
  });
});
