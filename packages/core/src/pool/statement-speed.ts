import { factsOf } from "../connection/statements/statement-facts.ts";

/** What is known of one statement text. */
interface Record {
  /** Whether its kind may share a connection at all. */
  readonly mayShare: boolean;
  /** A moving average of its last executions, in milliseconds; null before the first one. */
  averageMillis: number | null;
}

const capacity = 1_000;
const longest = 10_000;

/**
 * Remembers which statements may share a connection with those of other callers: of a kind that leaves nothing behind in the session,
 * and fast of late.
 *
 * A statement is unknown, and so not shared, until it has run once by itself.
 */
export class StatementSpeed {
  readonly #records = new Map<string, Record>();
  readonly #fastMillis: number;

  constructor(fastMillis: number) {
    this.#fastMillis = fastMillis;
  }

  isFast(text: string): boolean {
    const record = this.#records.get(text);
    return (
      record?.mayShare === true && record.averageMillis !== null && record.averageMillis <= this.#fastMillis
    );
  }

  /** Whether an execution of this text is worth a clock read. */
  isWorthTiming(text: string): boolean {
    return this.#find(text).mayShare;
  }

  /** One execution ended; one that is slow counts at once, so that the next ones do not queue behind it. */
  record(text: string, millis: number): void {
    const record = this.#find(text);
    const before = record.averageMillis;
    record.averageMillis =
      before === null || millis > this.#fastMillis ? millis : before + (millis - before) / 8;
  }

  #find(text: string): Record {
    const known = this.#records.get(text);
    if (known !== undefined) return known;
    const record: Record = { mayShare: factsOf(text).isIndependent, averageMillis: null };
    if (text.length > longest) return record;
    if (this.#records.size >= capacity) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
    this.#records.set(text, record);
    return record;
  }
}
