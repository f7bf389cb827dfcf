import type { Cell } from "../../../shared/protocol/results.ts";
import type { Column, Database, DatabaseLease } from "../database.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { Slices } from "./slices.ts";
import type { StatementRecord } from "./statement-record.ts";

type Row = readonly Cell[];

/** Takes rows as they come; the next ones are read when it has resolved. */
export interface RowSink {
  columns(columns: readonly Column[]): Promise<void>;
  rows(rows: readonly Row[]): Promise<void>;
}

const PAGE = 4_000;

/** Gives the rows that are kept, and those that the open cursor still has; these pass by and are not kept. */
export async function drain(
  statement: StatementRecord,
  session: EditorSession | null,
  { sink, signal }: { sink: RowSink; signal: AbortSignal },
): Promise<void> {
  const { kept } = statement;
  if (kept === null) return;
  await sink.columns(kept.columns);
  for await (const rows of kept.stored(new Slices(signal))) await sink.rows(rows);
  if (kept.more !== "open" || session === null) return;
  const stop = () => void session.stopReading();
  signal.addEventListener("abort", stop);
  let isComplete = false;
  try {
    await session.readOn(PAGE, async (page) => {
      await sink.rows(page.rows);
      isComplete = page.isLast;
      return !signal.aborted;
    });
  } finally {
    signal.removeEventListener("abort", stop);
    // What has passed by is not among the rows kept, so that they cannot be continued any more.
    await session.endReading();
  }
  signal.throwIfAborted();
  if (!isComplete)
    throw new Error(
      "the connection was given back before the last row was read; export again to run the query anew",
    );
}

/** Runs a query again and gives all its rows, in the session of its editor where that holds a connection, else on a connection of its own. */
export async function rerun(
  statement: StatementRecord,
  { database, session }: { database: Database; session: EditorSession | null },
  { sink, signal }: { sink: RowSink; signal: AbortSignal },
): Promise<void> {
  const own = session?.database === database ? session.lease : null;
  if (session === null || own === null) {
    const lease = await database.acquire(signal);
    try {
      await readAll(lease, statement, { sink, signal });
    } finally {
      await lease.release();
    }
    return;
  }
  if (session.isRunning) throw new Error("the editor runs another statement: export when it has ended");
  session.begin();
  try {
    await session.closeReader();
    await readAll(own, statement, { sink, signal });
  } finally {
    await session.settle();
  }
}

async function readAll(
  lease: DatabaseLease,
  { sent, text }: StatementRecord,
  { sink, signal }: { sink: RowSink; signal: AbortSignal },
): Promise<void> {
  const { columns, rows, reader } = await lease.execute(sent?.text ?? text, {
    signal,
    pageSize: PAGE,
    copyData: null,
    values: sent?.values ?? [],
  });
  try {
    await sink.columns(columns);
    await sink.rows(rows);
    for (let isLast = reader === null; !isLast && reader !== null; ) {
      signal.throwIfAborted();
      const page = await reader.read(PAGE);
      await sink.rows(page.rows);
      isLast = page.isLast;
    }
  } finally {
    await reader?.close().catch(() => {});
  }
}
