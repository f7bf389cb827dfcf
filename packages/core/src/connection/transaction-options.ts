import { ConfigError } from "../errors.ts";
import { checkOptions } from "../option-rules.ts";
import type { OperationOptions } from "./query.ts";
import type { RetryOptions } from "./retry.ts";
import { rulesOf } from "./verb-rules.ts";

/** How far a transaction is kept apart from others; the meaning of each is PostgreSQL's. */
export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

/** What `begin` accepts. What is absent is the server's default. */
export interface BeginOptions extends OperationOptions {
  /** Default: the server's, which is `read committed` unless configured otherwise. */
  isolation?: IsolationLevel | undefined;
  /** Whether the server refuses writes. Default: the server's. */
  readOnly?: boolean | undefined;
  /** Whether a serializable read-only transaction waits for a snapshot that nothing can make it fail from. Default: the server's. */
  deferrable?: boolean | undefined;
}

/** What the transaction helper accepts; `signal` and `timeoutMillis` limit it as a whole, every attempt included. */
export interface TransactionOptions extends BeginOptions {
  /** Runs the callback again when the server asks for it. `null` = never. Default: null. */
  retry?: RetryOptions | null | undefined;
}

const levels: readonly string[] = [
  "read uncommitted",
  "read committed",
  "repeatable read",
  "serializable",
] satisfies IsolationLevel[];

/** The BEGIN that these options ask for. */
export function beginStatement({ isolation, readOnly, deferrable }: BeginOptions): string {
  let text = "begin";
  if (isolation !== undefined) text += ` isolation level ${checkedLevel(isolation)}`;
  if (readOnly !== undefined) text += readOnly ? " read only" : " read write";
  if (deferrable !== undefined) text += deferrable ? " deferrable" : " not deferrable";
  return text;
}

/** The level becomes part of the statement, so nothing else may pass. */
function checkedLevel(isolation: string): string {
  if (levels.includes(isolation)) return isolation;
  throw new ConfigError(`isolation is not one of ${levels.join(", ")}`);
}

/** What a savepoint takes from its transaction, or cannot do alone. */
const transactionOnly = ["isolation", "readOnly", "deferrable", "retry"] as const;

/** @throws {ConfigError} an option that is unknown, or that a savepoint cannot have. */
export function refuseTransactionOptions(options: TransactionOptions): void {
  checkOptions(rulesOf.transaction, options);
  const name = transactionOnly.find((key) => (options[key] ?? null) !== null);
  if (name !== undefined) {
    throw new ConfigError(`a savepoint has no ${name} of its own: give it to the outermost transaction`);
  }
}
