import { describe, expect, it } from "vitest";
import { exportStrings } from "../../scripts/export-strings.mjs";
import { ResultsPage } from "./results-page.ts";
import { cell, MIXED_RUN, result, run, snapshot, statement } from "./sample.ts";

const results = new ResultsPage();

const texts = Object.fromEntries(Object.keys(exportStrings()).map((text) => [text, `⟦${text}⟧`]));

const SUMMARY = {
  cells: 3,
  nulls: 1,
  distinct: 3,
  isDistinctCut: false,
  sum: "3",
  mean: "1",
  isExact: true,
  least: "1",
  most: "3",
};

/** What comes from the server or from the user, and the names of keys and units. */
const DATA = [
  ...[
    "code",
    "kbd",
    "option",
    ".cell",
    "dt",
    "dd",
    ".header .text",
    ".type",
    ".severity",
    ".notice .text",
    ".error .title",
  ],
  ...[
    ".error span:not(.label)",
    ".detail .name",
    ".key",
    ".connection",
    ".status > .link",
    "label",
    ".chip .text",
  ],
].join(", ");

/** Units, tags of commands, names of editors, and a column with its type. */
const NAMES = /\b(ms|NULL|BEGIN|UPDATE|orders\.sql:\d+)\b|^\S+ {2}\S+$/g;
const TRANSLATED = /⟦[^⟦⟧]*⟧/g;

/** Words that no translation has passed through. */
async function foreignWords(): Promise<string[]> {
  const found = await results.view.texts(DATA);
  // A translated text may hold another one.
  const rest = found.map((text) => text.replace(TRANSLATED, "").replace(TRANSLATED, "").replace(NAMES, ""));
  return rest.filter((text) => /\p{L}{2}/u.test(text));
}

describe("each word of the view is in the editor's language", () => {
  it("before the first run", async () => {
    await results.open({ texts });
    await results.page.getByText("⟦runs the file⟧").waitFor();
    expect(await foreignWords()).toEqual([]);
  });

  it("around the rows, with everything open that there is", async () => {
    const sort = [{ column: 0, direction: "ascending" as const }];
    const filters = [{ column: 5, operator: "isNotNull" as const, value: "" }];
    await results.openRows({ more: "open", arrangement: { sort, filters } }, { texts });
    await results.page.getByText(" ⟦is not NULL⟧").waitFor();
    await results.press("Control+f", "Escape", "Shift+ArrowDown", "Enter");
    await results.view.post({ type: "summary", statementId: 1, pane: 0, summary: SUMMARY });
    await results.view.post(cell(1, 0, "12"));
    await results.page.getByText("⟦Wrap⟧").waitFor();
    expect(await foreignWords()).toEqual([]);
    await results.page.getByRole("button", { name: "⟦Row⟧", exact: true }).click();
    await results.view.post({ type: "record", statementId: 1, pane: 0, row: 1, values: ["12"] });
    await results.page.getByText("⟦Row 2⟧").waitFor();
    expect(await foreignWords()).toEqual([]);
    await results.active.focus();
    await results.press("ArrowUp", "ArrowUp", "Enter");
    await results.page.getByRole("menuitem", { name: "⟦Filter…⟧" }).waitFor();
    expect(await foreignWords()).toEqual([]);
    await results.page.getByRole("menuitem", { name: "⟦Filter…⟧" }).click();
    await results.page.getByRole("button", { name: "⟦Filter⟧" }).waitFor();
    expect(await foreignWords()).toEqual([]);
  });

  it("in messages", async () => {
    await results.open({ texts });
    const states = ["queued", "waiting", "asking", "running", "cancelling", "cancelled", "skipped"] as const;
    const remedy = "Run again to go on with a new session.";
    const lost = { title: "lost", code: null, detail: null, hint: null, context: null, place: null, remedy };
    const statements = states.map((state, index) =>
      statement({ id: 20 + index, state, command: null, timing: null }),
    );
    await results.view.post(
      snapshot(
        run([...MIXED_RUN.statements, statement({ id: 19, state: "failed", error: lost }), ...statements], {
          isRunning: true,
        }),
      ),
    );
    await results.page.getByText("⟦waiting for values⟧").waitFor();
    await results.page.getByText(`⟦${remedy}⟧`).waitFor();
    expect(await foreignWords()).toEqual([]);
  });

  it("where there is no row, or none any more", async () => {
    await results.open({ texts });
    await results.view.post(snapshot(run([statement({ result: result({ rowCount: 0 }) })])));
    await results.page.getByText("⟦0 rows⟧").waitFor();
    expect(await results.page.locator(".grid").getAttribute("data-no-rows")).toBe("⟦No rows⟧");
    const gone = statement({ state: "gone", timing: null, command: null });
    await results.view.post(snapshot(run([gone], { hasRows: false })));
    await results.page.getByRole("button", { name: "⟦Run Again⟧" }).waitFor();
    expect(await foreignWords()).toEqual([]);
  });
});
