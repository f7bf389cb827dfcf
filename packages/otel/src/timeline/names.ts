/** The names in Rockpool's spans that the timeline reads; `packages/core/src/telemetry/names.ts` is where they are made. */

export const SPAN_CHECKOUT = "pool.checkout";
export const SPAN_LEAK = "pool.leak";
export const SPAN_TRANSACTION = "transaction";
export const SPAN_RESET = "connection.reset";
export const SPAN_VALIDATE = "connection.validate";
export const SPAN_CLOSE = "connection.close";
export const SPAN_CONNECT = "CONNECT";

export const CONNECTION_ID = "rockpool.connection.id";
export const BACKEND_PID = "rockpool.backend.pid";
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
export const POOL_NAME = "db.client.connection.pool.name";

export const EVENT_DISCARDED = "connection_discarded";
export const EVENT_CANCEL_REQUESTED = "cancel_requested";
export const EVENT_TRANSACTION_STATUS = "transaction_status";
export const EVENT_LEAK_SUSPECTED = "leak_suspected";

export const CODE_FUNCTION_NAME = "code.function.name";
export const CODE_FILE_PATH = "code.file.path";
export const CODE_LINE_NUMBER = "code.line.number";
export const CODE_COLUMN_NUMBER = "code.column.number";
export const CODE_STACKTRACE = "code.stacktrace";

export const ERROR_TYPE = "error.type";
export const DB_SYSTEM_NAME = "db.system.name";
export const DB_NAMESPACE = "db.namespace";
export const SERVER_ADDRESS = "server.address";
export const SERVER_PORT = "server.port";
