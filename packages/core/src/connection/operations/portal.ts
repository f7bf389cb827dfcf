import type { Field, QueryOptions } from "../query.ts";
import type { TextFacts } from "../statements/statement-facts.ts";
import type { EncodedValue } from "../wire/message-writer.ts";

/** The statement of a cursor. */
export interface PortalRequest {
  readonly text: string;
  readonly values: readonly EncodedValue[];
  readonly facts: TextFacts;
  readonly options: QueryOptions;
  /** To append to the text, with its delimiters; empty for none. */
  readonly comment: string;
  /** Called once when the portal ends without a fetch that could tell: lost, aborted, or gone with its transaction. */
  onGone(error: unknown): void;
}

/** What one fetch gave. */
export interface Batch<R> {
  readonly rows: R[];
  readonly fields: readonly Field[];
  /** True where no row is left; the portal has ended by itself. */
  readonly isLast: boolean;
  /** The command's tag without its counts, which comes with the last row; null before. */
  readonly command: string | null;
}

/** The server's side of a cursor. */
export interface Portal<R> {
  /** Fetches up to `count` rows; called again only after the answer. */
  fetch(count: number): Promise<Batch<R>>;
  /** Ends the portal and resolves when the connection is free of it. */
  close(): Promise<void>;
}
