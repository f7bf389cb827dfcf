/// <reference types="node" preserve="true" />
export type { ConfigObject, ConfigValue } from "./config/config-object.ts";
export { type ConfigEntry, type ExplainOptions, explainConfig } from "./config/explain-config.ts";
export type { ConnectionConfig } from "./config/resolve-config.ts";
export type { AdvisoryLock, AdvisoryLockKey, AdvisoryLockOptions } from "./connection/advisory-lock.ts";
export type { Connection } from "./connection/connection.ts";
export type { CopyOutput, CopyResult, CopySource } from "./connection/copy.ts";
export type { Cursor } from "./connection/cursor.ts";
export {
  createListenHub,
  type ListenGap,
  type ListenHub,
  type ListenHubOptions,
  type ListenOptions,
  type ListenSource,
  type Subscription,
} from "./connection/listen.ts";
export type { Notice, Notification } from "./connection/notice.ts";
export type {
  ConnectionIdentity,
  ConnectionObserver,
  OperationEnd,
  OperationKind,
  OperationObservation,
  OperationStart,
  TransactionEnd,
  TransactionObservation,
  TransactionOutcome,
  TransactionStart,
} from "./connection/observer.ts";
export type { OpenConnection } from "./connection/open-connection.ts";
export type { Pipeline } from "./connection/pipeline.ts";
export type {
  CursorOptions,
  Field,
  OperationOptions,
  QueryOptions,
  QueryResult,
  QueryValue,
  Row,
  RowFactory,
  StatementDescription,
  TypeParser,
  TypeParsers,
} from "./connection/query.ts";
export type { RetryOptions } from "./connection/retry.ts";
export { isServerError, type ServerError } from "./connection/server-error.ts";
export type { ResetTier } from "./connection/session-options.ts";
export type { SessionTrait, TransactionStatus } from "./connection/session-state.ts";
export type {
  BeginOptions,
  IsolationLevel,
  Transaction,
  TransactionFate,
  TransactionOptions,
} from "./connection/transaction.ts";
export { createPool } from "./create-pool.ts";
export type { AcquireSource, Clock, CloseReason, RandomSource, Timer } from "./engine/ports.ts";
export type { PoolState } from "./engine/stats.ts";
export {
  type AcquirePhase,
  AcquireTimeoutError,
  AmbiguousCommitError,
  ConfigError,
  type ConnectAttempt,
  ConnectError,
  ConnectionBusyError,
  ConnectionLostError,
  type HolderInfo,
  isPoolError,
  LeaseReleasedError,
  PoolClosedError,
  PoolDeadlockError,
  PoolError,
  type PoolErrorCode,
  type PoolNumbers,
  PoolSuspendedError,
  QueryTimeoutError,
  QueueFullError,
  TransactionStateError,
} from "./errors.ts";
export type {
  ConnectionFactory,
  ConnectionFactoryOptions,
  ConnectionOpener,
  ConnectionTarget,
  ConnectOptions,
  Credential,
  FactoryConfig,
  PasswordProvider,
  PoolerMode,
  SslMode,
  StreamOpener,
  TargetHost,
  TargetSessionAttrs,
} from "./factory/connection-factory.ts";
export { createConnectionFactory } from "./factory/create-connection-factory.ts";
export { type LogEntry, type LoggingOptions, withLogging } from "./factory/with-logging.ts";
export { withRows } from "./factory/with-rows.ts";
export { withStream } from "./factory/with-stream.ts";
export type { AcquireOptions } from "./pool/acquisition.ts";
export type { PoolEvent, PoolListener } from "./pool/events.ts";
export type { PoolHealth } from "./pool/health.ts";
export type { ErrorVerdict, PoolHooks } from "./pool/hooks.ts";
export type { Lease } from "./pool/lease.ts";
export type { PipeliningOptions, PoolOptions, ResetFunction } from "./pool/options.ts";
export type { Pool, PoolSlot, PoolStats } from "./pool/pool.ts";
export type { CheckoutSpans, PgInstrumentationPolicy, TelemetryOptions } from "./telemetry/options.ts";
export type { QueryComment } from "./telemetry/query-comment.ts";
