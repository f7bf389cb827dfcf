export { type PostgresMajor, platformPackage } from "./binaries.ts";
export { FaultProxy, type FaultProxyTarget, startFaultProxy } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export { LaunchError, type LaunchErrorCode } from "./launch-error.ts";
export { PostgresServer, type SettingValue, type StopMode } from "./postgres-server.ts";
export { type StartPostgresOptions, startPostgres } from "./start-postgres.ts";
