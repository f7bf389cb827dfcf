/** Names that are Rockpool's own. Those of the conventions are in `semconv.ts`. */

/** The instrumentation scope of every span and instrument. */
export const SCOPE_NAME = "@rockpool/core";
/** The version in `package.json`. */
export const SCOPE_VERSION = "0.1.0";

export const CONNECTION_ID = "rockpool.connection.id";
export const BACKEND_PID = "rockpool.backend.pid";
export const CONNECTION_REUSED = "rockpool.connection.reused";
export const CONNECTION_USE_COUNT = "rockpool.connection.use_count";
export const CONNECTION_AGE = "rockpool.connection.age";
export const CONNECTION_IDLE_TIME = "rockpool.connection.idle_time";
export const ACQUIRE_SOURCE = "rockpool.acquire.source";
export const ACQUIRE_WAIT_TIME = "rockpool.acquire.wait_time";
export const CLOSE_REASON = "rockpool.close.reason";
export const TX_ISOLATION = "rockpool.tx.isolation";
export const TX_OUTCOME = "rockpool.tx.outcome";
export const TX_STATUS = "rockpool.tx.status";
export const TX_ATTEMPT = "rockpool.tx.attempt";
export const LINK_TYPE = "rockpool.link.type";

/** To the span that opened the connection. */
export const LINK_CONNECTION_SETUP = "connection_setup";
/** To the checkout that used the connection before. */
export const LINK_PREVIOUS_CHECKOUT = "previous_checkout";

export const EVENT_DISCARDED = "connection_discarded";
export const EVENT_CANCEL_REQUESTED = "cancel_requested";
export const EVENT_TRANSACTION_STATUS = "transaction_status";
export const EVENT_LEAK_SUSPECTED = "leak_suspected";

export const SPAN_CHECKOUT = "pool.checkout";
export const SPAN_WAIT = "pool.wait";
export const SPAN_LEAK = "pool.leak";
/** The namespace follows, where it is known. */
export const SPAN_CONNECT = "CONNECT";
export const SPAN_TRANSACTION = "transaction";
export const SPAN_RESET = "connection.reset";
export const SPAN_VALIDATE = "connection.validate";
export const SPAN_CLOSE = "connection.close";

export const METRIC_ACQUIRES = "rockpool.connection.acquires";
export const METRIC_USES = "rockpool.connection.uses";
export const METRIC_CLOSED = "rockpool.connection.closed";
