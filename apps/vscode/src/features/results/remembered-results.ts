import type { Memento } from "vscode";
import type { ResultStore, RunOutline } from "../../model/results/result-store.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";

const KEY = "rockpool.rememberedResults";
/** What is longer is a dump, and not worth remembering. */
const MAX_TEXT = 20_000;
const MAX_STATEMENTS = 50;

interface Remembered {
  readonly run: RunOutline | null;
  readonly pins: readonly RunOutline[];
}

/** What ran last and what was pinned, without rows: it is shown after the window was reloaded, with an offer to run it again. */
export class RememberedResults {
  readonly #results: ResultStore;
  readonly #memento: Memento;

  constructor(results: ResultStore, memento: Memento) {
    this.#results = results;
    this.#memento = memento;
  }

  recall(): void {
    const { run, pins } = this.#memento.get<Remembered>(KEY, { run: null, pins: [] });
    if (run !== null || pins.length > 0) this.#results.recall(run, pins);
  }

  async remember(): Promise<void> {
    const { run, pins } = this.#results;
    await this.#memento.update(KEY, {
      run: run && outlineOf(run, run.statements),
      pins: pins
        .filter(({ statement }) => statement.kept?.kind !== "differences")
        .map((pin) => outlineOf(pin, [pin.statement])),
    } satisfies Remembered);
  }
}

/** Data lines of a COPY are data, and are not remembered. */
function outlineOf(
  { title, connectionName }: { title: string; connectionName: string },
  statements: readonly StatementRecord[],
): RunOutline {
  const kept = statements.filter(({ text, copyData }) => copyData === null && text.length <= MAX_TEXT);
  return {
    title,
    connectionName,
    statements: kept
      .slice(0, MAX_STATEMENTS)
      .map(({ text, origin, arrangement }) => ({ text, origin, arrangement, copyData: null })),
  };
}
