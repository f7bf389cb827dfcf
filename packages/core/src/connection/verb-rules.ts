import { type OptionRules, optionRules } from "../option-rules.ts";
import type { AdvisoryLockOptions } from "./advisory-lock.ts";
import type { ListenHubOptions, ListenOptions } from "./listen.ts";
import type { CursorOptions, OperationOptions, QueryOptions } from "./query.ts";
import type { RetryOptions } from "./retry.ts";
import type { BeginOptions, TransactionOptions } from "./transaction-options.ts";

const limits = { signal: true, timeoutMillis: true } as const;
const query = { ...limits, prepare: true, rowMode: true, types: true } as const;
const begin = { ...limits, deferrable: true, isolation: true, readOnly: true } as const;

type Verb =
  | "query"
  | "script"
  | "describe"
  | "cursor"
  | "copyFrom"
  | "copyTo"
  | "begin"
  | "transaction"
  | "retry"
  | "commit"
  | "advisoryLock"
  | "listen"
  | "notify"
  | "listenHub";

/** The rules of the verbs of a connection. */
export const rulesOf: Readonly<Record<Verb, OptionRules>> = {
  query: optionRules<QueryOptions>("query()", query),
  script: optionRules<OperationOptions>("script()", limits),
  describe: optionRules<OperationOptions>("describe()", limits),
  cursor: optionRules<CursorOptions>("cursor()", { ...query, batchSize: true }),
  copyFrom: optionRules<OperationOptions>("copyFrom()", limits),
  copyTo: optionRules<OperationOptions>("copyTo()", limits),
  begin: optionRules<BeginOptions>("begin()", begin),
  transaction: optionRules<TransactionOptions>("transaction()", { ...begin, retry: true }),
  retry: optionRules<RetryOptions>("retry", {
    attempts: true,
    codes: true,
    maxDelayMillis: true,
    minDelayMillis: true,
  }),
  commit: optionRules<OperationOptions>("commit()", limits),
  listen: optionRules<ListenOptions>("listen()", { onGap: true, onNotify: true, signal: true }),
  notify: optionRules<OperationOptions>("notify()", limits),
  listenHub: optionRules<ListenHubOptions>("createListenHub()", {
    connectTimeoutMillis: true,
    heartbeatMillis: true,
    heartbeatTimeoutMillis: true,
    maxDelayMillis: true,
    minDelayMillis: true,
    name: true,
  }),
  advisoryLock: optionRules<AdvisoryLockOptions>("advisoryLock()", { ...limits, shared: true, wait: true }),
};
