import { encodeParameters } from "./parameters.ts";
import { refuseSessionState } from "./pooler-rules.ts";
import type { QueryOptions, QueryValue } from "./query.ts";
import type { SessionContext } from "./session-context.ts";
import { factsOf, type TextFacts } from "./statements/statement-facts.ts";
import type { EncodedValue } from "./wire/message-writer.ts";

/** One statement as its caller gave it. */
export interface QueryCall {
  readonly text: string;
  readonly values: readonly QueryValue[] | undefined;
  readonly options: QueryOptions | undefined;
}

/** One statement with its values, ready to be sent. */
export interface QueryRequest {
  readonly text: string;
  readonly values: readonly EncodedValue[];
  readonly facts: TextFacts;
  readonly isPrepared: boolean;
  readonly isShared: boolean;
  readonly options: QueryOptions | undefined;
}

/** A longer text is data for the most part, and unlikely to come back: neither side should keep it. */
const longestPrepared = 64 * 1024;

/**
 * Reads a statement and its values at the moment of the call.
 *
 * @throws what the text, the values or the pooler rule out; nothing has been sent.
 */
export function makeQueryRequest(context: SessionContext, call: QueryCall, isShared: boolean): QueryRequest {
  const { text, options } = call;
  const facts = permittedFacts(context, text);
  if (isShared && facts.statements[0]?.command === "copy") {
    throw new TypeError("a COPY needs the connection to itself: run it with copyFrom() or copyTo()");
  }
  const isWanted = options?.prepare ?? context.pooler === "none";
  const isPrepared =
    isWanted && facts.isPreparable && context.statements.isEnabled && text.length <= longestPrepared;
  return { text, values: encodeParameters(call.values), facts, isPrepared, isShared, options };
}

/**
 * Lets one COPY pass, and nothing else: the server would carry out whatever it is before its answer shows what it was.
 *
 * @throws {TypeError} the text is not one COPY.
 */
export function refuseAllButCopy(context: SessionContext, text: string, verb: string): void {
  const { statements } = permittedFacts(context, text);
  if (statements.length !== 1 || statements[0]?.command !== "copy")
    throw new TypeError(`${verb}; nothing was sent`);
}

/**
 * What a text does, where it may be sent at all.
 *
 * @throws {ConfigError} a pooler is in the way of what it does.
 */
export function permittedFacts(context: SessionContext, text: string): TextFacts {
  const facts = factsOf(text);
  if (facts.touchesSession && context.pooler === "transaction") refuseSessionState(facts);
  return facts;
}
