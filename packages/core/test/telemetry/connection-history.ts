import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Pool, PoolEvent } from "@rockpool/core";

/** What happened to connections, by their identity, in order; each entry is one line. */
export type Histories = Map<string, string[]>;

/** Writes down the events of a pool as they happen. */
export function recordEvents(pool: Pool, histories: Histories): () => void {
  return pool.onEvent((event) => {
    const entry = entryOf(event);
    if (entry !== null) add(histories, entry.connectionId, entry.line);
  });
}

function entryOf(event: PoolEvent): { connectionId: string; line: string } | null {
  if (event.type === "connected") {
    return { connectionId: event.connectionId, line: `opened as ${event.backendPid}` };
  }
  if (event.type === "acquired") {
    const line = usedAs(event.useCount, event.source, event.waitMillis);
    return { connectionId: event.connectionId, line };
  }
  if (event.type === "released") return { connectionId: event.connectionId, line: "released" };
  if (event.type === "closed") return { connectionId: event.connectionId, line: `closed: ${event.reason}` };
  return null;
}

/** Rebuilds the same from spans alone: what opened the connection, each checkout by its number, what closed it. */
export function historiesOf(spans: readonly ReadableSpan[]): Histories {
  const histories: Histories = new Map();
  for (const span of spans) {
    const id = idOf(span);
    if (id !== null && span.name.startsWith("CONNECT ") && span.attributes["error.type"] === undefined) {
      add(histories, id, `opened as ${span.attributes["rockpool.backend.pid"]}`);
    }
  }
  for (const span of checkoutsOf(spans)) {
    const { attributes } = span;
    const waitMillis = Number(attributes["rockpool.acquire.wait_time"]) * 1_000;
    const count = Number(attributes["rockpool.connection.use_count"]);
    const id = idOf(span) ?? "";
    add(histories, id, usedAs(count, String(attributes["rockpool.acquire.source"]), waitMillis));
    add(histories, id, "released");
  }
  for (const span of spans) {
    const id = idOf(span);
    if (id !== null && span.name === "connection.close") {
      add(histories, id, `closed: ${span.attributes["rockpool.close.reason"]}`);
    }
  }
  return histories;
}

/** The checkouts that got a connection, in the order of its uses. */
export function checkoutsOf(spans: readonly ReadableSpan[]): ReadableSpan[] {
  return spans
    .filter((span) => span.name === "pool.checkout" && idOf(span) !== null)
    .sort((a, b) => useCountOf(a) - useCountOf(b));
}

export function useCountOf(span: ReadableSpan): number {
  return Number(span.attributes["rockpool.connection.use_count"]);
}

export function idOf(span: ReadableSpan): string | null {
  const id = span.attributes["rockpool.connection.id"];
  return typeof id === "string" ? id : null;
}

function usedAs(useCount: number, source: string, waitMillis: number): string {
  return `use ${useCount} from ${source} after ${waitMillis.toFixed(3)} ms`;
}

function add(histories: Histories, connectionId: string, line: string): void {
  const history = histories.get(connectionId);
  if (history === undefined) histories.set(connectionId, [line]);
  else history.push(line);
}
