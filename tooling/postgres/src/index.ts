export { MAJORS, type PostgresMajor, platformPackage } from "./binaries.ts";
export { FaultProxy, type FaultProxyTarget, startFaultProxy } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export { LaunchError, type LaunchErrorCode } from "./launch-error.ts";
export { PostgresServer, type Settings, type SettingValue, type StopMode } from "./postgres-server.ts";
export { type ResolvedDatabase, resolveDatabase } from "./resolve-database.ts";
export {
  isPgBouncerInstalled,
  PgBouncer,
  type StartPgBouncerOptions,
  startPgBouncer,
} from "./start-pgbouncer.ts";
export { type StartPostgresOptions, startPostgres } from "./start-postgres.ts";
export { type StartReplicaOptions, startReplica } from "./start-replica.ts";
export type { ClientCertificate } from "./tls.ts";
