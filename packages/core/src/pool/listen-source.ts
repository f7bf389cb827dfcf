import type { ListenSource } from "../connection/listen.ts";
import { sessionOf } from "../connection/open-connection.ts";
import type { ConnectionOpener } from "../factory/connection-factory.ts";
import type { PoolTelemetry } from "../telemetry/pool-telemetry.ts";

/** Opens the connection that a pool's channels share, beside the pool, and traced as the pool's are. */
export function createListenSource(
  factory: ConnectionOpener,
  poolName: string,
  telemetry: PoolTelemetry,
): ListenSource {
  let opened = 0;
  return {
    connect: async (options = {}) => {
      opened += 1;
      const id = `${poolName}/listen#${opened}`;
      const trace = telemetry.startConnect(id, null);
      try {
        const connection = await trace.run(() =>
          factory.connect({ ...options, id, observer: trace.observer }),
        );
        const session = sessionOf(connection);
        session.rename(id);
        trace.opened(session.identity);
        session.observer = telemetry.sharedObserver;
        return connection;
      } catch (error) {
        trace.failed(error);
        throw error;
      }
    },
  };
}
