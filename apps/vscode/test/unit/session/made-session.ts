import type { Execution } from "../../../src/model/database.ts";
import { EditorSession } from "../../../src/model/session/editor-session.ts";
import type { SessionLoss, SessionMode, SessionRequest } from "../../../src/model/session/session-request.ts";
import { FakeDatabase, type FakeReader, ManualClock, noRows } from "../fake-database.ts";

/** What an editor asks of its session. */
export function request(overrides: Partial<SessionRequest> = {}): SessionRequest {
  return {
    statement: { text: "select 1", line: 7 },
    sent: "select 1",
    askValues: null,
    signal: new AbortController().signal,
    pageSize: 10,
    copyData: null,
    onReaderClosed: () => {},
    onNotice: () => {},
    onStarted: () => {},
    ...overrides,
  };
}

/** A session of one editor on a database that is made up, and what it has lost. */
export function madeSession({
  keepReaderMillis = 60_000,
  mode = "auto",
}: {
  keepReaderMillis?: number;
  mode?: SessionMode;
} = {}) {
  const losses: SessionLoss[] = [];
  const database = new FakeDatabase();
  const clock = new ManualClock();
  const session = new EditorSession({
    path: () => "file:///a.sql",
    database,
    clock,
    keepReaderMillis: () => keepReaderMillis,
    mode: () => mode,
    onChange: () => {},
    onLoss: (loss) => losses.push(loss),
  });
  const run = async (overrides: Partial<SessionRequest> = {}) => {
    session.begin();
    try {
      return await session.execute(request(overrides));
    } finally {
      await session.settle();
    }
  };
  return { database, clock, session, run, losses };
}

/** A statement whose first row has come, and whose reader has more. */
export function page(reader: FakeReader): () => Promise<Execution> {
  return async () => ({ ...noRows, rows: [["x"]], reader, hasMore: true });
}
