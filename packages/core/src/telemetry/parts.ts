import type { ConnectionIdentity } from "../connection/observer.ts";
import type { ConnectionLife } from "./connection-life.ts";
import type { DriverShield } from "./driver-shield.ts";
import type { Endpoint } from "./endpoint.ts";
import type { MeterSource } from "./meter-source.ts";
import type { TelemetrySettings } from "./options.ts";
import type { TelemetryTarget } from "./pool-telemetry.ts";
import type { Spans } from "./spans.ts";
import type { TracerSource } from "./tracer-source.ts";

/** What the traces of one pool share. */
export interface TelemetryParts {
  readonly settings: TelemetrySettings;
  readonly tracers: TracerSource;
  readonly meters: MeterSource;
  readonly spans: Spans;
  readonly shield: DriverShield;
  readonly lives: WeakMap<ConnectionIdentity, ConnectionLife>;
  /** One object for each server and database, so that what hangs on it is made once. */
  endpointOf(where: TelemetryTarget): Endpoint;
}
