import { goToLine, openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const RUN = `select 1 as one;

select id,
  name
from shop.products
where id = :id::int;

select 2 as two; select 3 as three;

select pg_sleep(30);

do $$ begin raise warning 'halfway' using detail = 'so far', hint = 'wait'; perform pg_sleep(30); end $$;

select nmae from shop.products;
`;

/** Fails once somebody has written to a table. */
const LATE = `do $$
begin
  while not exists (select from gate) loop
    perform pg_sleep(0.01);
  end loop;
  raise exception 'late';
end $$;
`;

const THEMED = `begin;

select id, name from shop.products where price > 10;
select nmae, '{"key": 1}'::jsonb from shop.products
where id = :id;
`;

const DUMP = `\\restrict 4fK9
create temporary table dumped (a int, b text);
copy dumped (a, b) from stdin;
1\tone;
2\ttwo
\\.
\\connect other
select 'after all' as word;
`;

const SEVERAL = `select 1 as first;
select oops;
select 3 as third;
`;

let world: World;

async function show(name: string): Promise<void> {
  await world.page.getByRole("tab", { name }).first().click();
}

/** How many lines of the editor have a bar at their left, and how many boxes there are. */
function bounds(): Promise<{ bars: number; boxes: number }> {
  return world.page.evaluate(() => {
    const decorations = [...document.querySelectorAll(".view-overlays .cdr")].map((each) =>
      getComputedStyle(each),
    );
    const bars = decorations.filter(
      (style) => style.borderLeftWidth === "2px" && style.borderTopWidth === "0px",
    );
    const boxes = decorations.filter(
      (style) => style.borderTopWidth === "1px" && style.borderLeftWidth === "1px",
    );
    return { bars: bars.length, boxes: boxes.length };
  });
}

/** What stands behind the statements of the editor in front. */
function outcomes(): Promise<string[]> {
  return world.page.evaluate(() => {
    const behind = [...document.querySelectorAll(".view-line span")].map((each) => {
      const { content } = getComputedStyle(each, "::after");
      return content.startsWith('"') ? content.slice(1, -1).replaceAll("\u00a0", " ") : "";
    });
    return behind.filter((text) => text.includes("·"));
  });
}

/** How much the bar beside a statement differs from what it stands on, as WCAG counts contrast. */
function boundsContrast(): Promise<number> {
  return world.page.evaluate(() => {
    const luminance = (color: string) => {
      const channels = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((each) => Number(each) / 255);
      const [red = 0, green = 0, blue = 0] = channels.map((each) =>
        each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const bar = [...document.querySelectorAll(".view-overlays .cdr")]
      .map((each) => getComputedStyle(each))
      .find((style) => style.borderLeftWidth === "2px" && style.borderTopWidth === "0px");
    const ground = document.querySelector(".monaco-editor-background");
    if (bar === undefined || ground === null) return 0;
    const shades = [bar.borderLeftColor, getComputedStyle(ground).backgroundColor].map(luminance);
    return (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05);
  });
}

function sessionItem(): Locator {
  return world.page.locator('[id="rockpool.rockpool.rockpool.session"]');
}

/** How many statements with such a text the server works on. */
async function sleepers(text = "pg_sleep(30)"): Promise<number> {
  const { rows } = await world.ask(
    `select 1 from pg_stat_activity where state = 'active' and query like '%${text}%' and pid <> pg_backend_pid()`,
  );
  return rows.length;
}

async function input(): Promise<Locator> {
  const found = world.page.locator(".quick-input-widget:visible input").first();
  await found.waitFor();
  return found;
}

describe.runIf(canRunEditor)("running SQL", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({
      files: {
        "run.sql": RUN,
        "several.sql": SEVERAL,
        "late.sql": LATE,
        "dump.sql": DUMP,
        "themed.sql": THEMED,
        "empty.sql": "-- nothing here\n",
      },
    });
    await openFile(world.page, "run.sql");
    await world.statusBar("shop").waitFor();
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/Pool shop/).waitFor();
    await show("run.sql");
  }, 300_000);

  afterAll(() => world?.stop());
  beforeEach(() => world.recordFailure());

  test("the statement at the cursor has a bar beside its lines, or a box where it shares one", async () => {
    await goToLine(world.page, 4);
    await eventually(async () => expect(await bounds()).toEqual({ bars: 4, boxes: 0 }));
    await goToLine(world.page, 8, 20);
    await eventually(async () => expect(await bounds()).toEqual({ bars: 0, boxes: 1 }));
  });

  test("the language is named as what it is", async () => {
    await world.statusBar(/^SQL$/).waitFor();
  });

  test("a lens runs its statement", async () => {
    await world.page.locator(".codelens-decoration a", { hasText: "Run" }).first().click();
    await world.panel.getByText("one", { exact: true }).waitFor();
  });

  test("how many rows and how long stands behind a statement, also after another editor was in front", async () => {
    await eventually(async () =>
      expect(await outcomes()).toEqual([expect.stringMatching(/^1 row · [\d.]+ ms$/)]),
    );
    await openFile(world.page, "several.sql");
    await eventually(async () => expect(await outcomes()).toEqual([]));
    await show("run.sql");
    await eventually(async () => expect(await outcomes()).toEqual([expect.stringMatching(/^1 row/)]));
  });

  test("the value of a parameter is asked for with its type, checked by the server, and remembered", async () => {
    await world.runAt(4);
    const box = await input();
    await world.page.getByText("Value of :id").waitFor();
    await world.page.getByText(/^integer; as PostgreSQL writes it/).waitFor();
    await world.statusBar("waits for values").waitFor();
    await world.panel.getByText("waiting for values").waitFor();
    await box.fill("twelve");
    await world.page.keyboard.press("Enter");
    await world.page.getByText('invalid input syntax for type integer: "twelve"').waitFor();
    await world.picture("parameter");
    await box.fill("12");
    await world.page.keyboard.press("Enter");
    await world.panel.getByText("12", { exact: true }).first().waitFor();
    await world.treeItem(/^#1, idle/).waitFor();
    await world.runAt(4);
    expect(await (await input()).inputValue()).toBe("12");
    await world.page.getByRole("button", { name: "NULL" }).click();
    await world.panel
      .getByText(/^0 rows/)
      .first()
      .waitFor();
  });

  test("a prompt that is given up sends nothing", async () => {
    await world.runAt(4);
    await input();
    await world.page.keyboard.press("Escape");
    await world.panel.getByText("cancelled").first().waitFor();
    await world.treeItem(/^#1, idle/).waitFor();
  });

  test("a notice shows while its statement still runs, with detail and hint", async () => {
    await world.runAt(12);
    await world.panel.getByText("so far").first().waitFor();
    expect(await sleepers()).toBe(1);
    await world.picture("notice");
    await world.statusBar(/\d s/).click();
    await world.panel.getByText("cancelled").first().waitFor();
    expect(await world.panel.locator(".statement.cancelled .time").textContent()).toMatch(/^[\d.]+ m?s$/);
    await eventually(async () => expect(await sleepers()).toBe(0));
  });

  test("a statement that runs can be cancelled by its lens, and another one can wait for it", async () => {
    await world.runAt(10);
    await eventually(async () => expect(await sleepers()).toBe(1));
    await world.runAt(1);
    await world.answer("already runs a statement", "Run It Afterwards");
    await world.page.locator(".codelens-decoration a", { hasText: "Cancel" }).click();
    await world.panel.getByText("one", { exact: true }).waitFor();
    await eventually(async () => expect(await sleepers()).toBe(0));
  });

  test("an error is found at its place though the document is edited meanwhile", async () => {
    await world.ask("create table if not exists gate (a int)");
    await openFile(world.page, "late.sql");
    await world.runAt(1);
    await eventually(async () => expect(await sleepers("late")).toBe(1));
    await world.page.keyboard.press("Control+Home");
    await world.page.keyboard.type("select '😀' as typed;\n");
    await world.page.keyboard.press("ArrowUp");
    await eventually(async () => expect(await bounds()).toEqual({ bars: 1, boxes: 0 }));
    await world.ask("insert into gate values (1)");
    await world.page.locator(".squiggly-error").first().waitFor();
    await world.panel.getByText("Line 7, column 3").waitFor();
    await world.page.keyboard.press("Control+s");
    await show("run.sql");
  });

  test("an error's fix takes the name that the server suggests, and the edit clears the mark", async () => {
    await world.runAt(14);
    await world.page.locator(".squiggly-error").first().waitFor();
    expect(await world.marked("squiggly-error", "nmae")).toBe(true);
    await goToLine(world.page, 14, 9);
    await world.page.keyboard.press("Control+.");
    const action = world.page.getByText("Change to name");
    await action.waitFor();
    await world.picture("quick-fix");
    await action.click();
    await eventually(async () =>
      expect(await world.editorText()).toContain("select name from shop.products;"),
    );
    await eventually(async () => expect(await world.page.locator(".squiggly-error").count()).toBe(0));
    await world.page.keyboard.press("Control+z");
  });

  test("a selection's error is marked in the selection's own place", async () => {
    await goToLine(world.page, 14);
    await world.page.keyboard.press("Shift+End");
    await world.page.keyboard.press("Control+Enter");
    await world.page.locator(".squiggly-error").first().waitFor();
    expect(await world.marked("squiggly-error", "nmae")).toBe(true);
  });

  test("several statements stop at an error, and the rest can be run", async () => {
    await openFile(world.page, "several.sql");
    await world.page.keyboard.press("Control+Shift+Enter");
    await world.panel.getByText('column "oops" does not exist').first().waitFor();
    await world.picture("stopped");
    await world.answer("Statement 2 of 3 failed; one was not run.", "Run the Rest");
    await world.panel.getByText("third", { exact: true }).first().waitFor();
  });

  test("a script of psql runs without the commands that only show something, and stops at others", async () => {
    await openFile(world.page, "dump.sql");
    await world.page.keyboard.press("Control+Shift+Enter");
    await world.panel.getByText("\\connect is a command of psql, not SQL").first().waitFor();
    await world.panel.getByText("\\restrict is a command of psql; it was left out.").waitFor();
    await world.panel.getByText("COPY 2").waitFor();
    await goToLine(world.page, 8);
    await runCommand(world.page, "Rockpool: Run from Here to the End");
    await world.panel.getByText("after all").first().waitFor();
  });

  test("a file without a statement says so", async () => {
    await openFile(world.page, "empty.sql");
    await world.page.keyboard.press("Control+Enter");
    await world.notification("There is no statement here to run.");
    await world.closeNotifications();
  });

  test.each([
    ["Dark Modern", "vs-dark"],
    ["Dark High Contrast", "hc-black"],
    ["Light High Contrast", "hc-light"],
    ["Light Modern", "vs"],
  ])("bounds, lens and mark stand out in %s", async (theme, name) => {
    await world.setTheme(theme);
    await world.page.locator(`.monaco-workbench.${name}`).waitFor();
    await openFile(world.page, "themed.sql");
    await world.runAt(1);
    await sessionItem().getByText(/TX/).waitFor();
    await world.runAt(4);
    await world.page.locator(".squiggly-error").first().waitFor();
    await goToLine(world.page, 5);
    await eventually(async () => expect(await boundsContrast()).toBeGreaterThan(1.5));
    await world.picture(`editor-${name}`);
    await runCommand(world.page, "Rockpool: Roll Back Transaction");
    await sessionItem().waitFor({ state: "hidden" });
  });

  test("a prompt closes where its connection is lost, and the messages say so", async () => {
    await show("run.sql");
    await world.runAt(4);
    await input();
    await world.ask(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    await world.panel.getByText("the connection that this editor kept was lost; nothing was run").waitFor();
    await world.page.locator(".quick-input-widget").first().waitFor({ state: "hidden" });
    await world.picture("prompt-lost");
  });
});
