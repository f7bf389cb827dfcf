import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";

type Instrumentation = NodeSDKConfiguration["instrumentations"][number];

const PG_INSTRUMENTATION = "@opentelemetry/instrumentation-pg";

/**
 * Returns the instrumentations without the one for `pg`, which is switched off.
 *
 * Rockpool reports its own queries; patched as well, the driver would report each of them a second time. It must also
 * leave the list, since registering a disabled instrumentation enables it again.
 */
export function withoutPgInstrumentation(instrumentations: readonly Instrumentation[]): Instrumentation[] {
  return instrumentations.flat().filter((instrumentation) => {
    const isForPg = instrumentation.instrumentationName === PG_INSTRUMENTATION;
    if (isForPg) instrumentation.disable();
    return !isForPg;
  });
}
