/**
 * The names of the OpenTelemetry semantic conventions that Rockpool uses, copied because the unstable entry of
 * `@opentelemetry/semantic-conventions` may change in any minor version, and because that package is large.
 *
 * The classifier in the tests compares them with that package, version 1.45.0.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/postgresql/}
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-metrics/}
 */

export const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

// Stable attributes.
export const DB_SYSTEM_NAME = "db.system.name";
export const DB_NAMESPACE = "db.namespace";
export const DB_QUERY_SUMMARY = "db.query.summary";
export const DB_QUERY_TEXT = "db.query.text";
export const DB_OPERATION_BATCH_SIZE = "db.operation.batch.size";
export const DB_RESPONSE_STATUS_CODE = "db.response.status_code";
export const CODE_COLUMN_NUMBER = "code.column.number";
export const CODE_FILE_PATH = "code.file.path";
export const CODE_FUNCTION_NAME = "code.function.name";
export const CODE_LINE_NUMBER = "code.line.number";
export const CODE_STACKTRACE = "code.stacktrace";
export const ERROR_TYPE = "error.type";
export const SERVER_ADDRESS = "server.address";
export const SERVER_PORT = "server.port";

// Attributes in development.
export const POOL_NAME = "db.client.connection.pool.name";
export const CONNECTION_STATE = "db.client.connection.state";

// Values.
export const SYSTEM_POSTGRESQL = "postgresql";
export const STATE_IDLE = "idle";
export const STATE_USED = "used";
export const ERROR_OTHER = "_OTHER";

// The stable metric.
export const OPERATION_DURATION = "db.client.operation.duration";

// Metrics in development.
export const CONNECTION_COUNT = "db.client.connection.count";
export const CONNECTION_IDLE_MAX = "db.client.connection.idle.max";
export const CONNECTION_IDLE_MIN = "db.client.connection.idle.min";
export const CONNECTION_LIMIT = "db.client.connection.limit";
export const CONNECTION_PENDING_REQUESTS = "db.client.connection.pending_requests";
export const CONNECTION_TIMEOUTS = "db.client.connection.timeouts";
export const CONNECTION_CREATE_TIME = "db.client.connection.create_time";
export const CONNECTION_WAIT_TIME = "db.client.connection.wait_time";
export const CONNECTION_USE_TIME = "db.client.connection.use_time";

/** The buckets that the convention advises for `db.client.operation.duration`; it advises none for the other times. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** The port that needs no `server.port`. */
export const DEFAULT_PORT = 5432;
