import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { ConnectionIdentity } from "../connection/observer.ts";
import { CheckoutTrace } from "./checkout-trace.ts";
import { ConnectAttempt } from "./connect-attempt.ts";
import { DriverShield } from "./driver-shield.ts";
import { Endpoint } from "./endpoint.ts";
import { MeterSource } from "./meter-source.ts";
import { OperationObserver, type Place } from "./operation-observer.ts";
import { resolveTelemetryOptions } from "./options.ts";
import type { TelemetryParts } from "./parts.ts";
import type { PoolTelemetry, PoolTelemetryDetails, TelemetryTarget } from "./pool-telemetry.ts";
import { quietCheckout } from "./quiet-checkout.ts";
import { Spans } from "./spans.ts";
import { TracerSource } from "./tracer-source.ts";

/** Sets up what one pool tells OpenTelemetry; without an SDK it does next to nothing. */
export function createPoolTelemetry(details: PoolTelemetryDetails): PoolTelemetry {
  const parts = createParts(details);
  const target = parts.endpointOf(details.target);
  parts.meters.get();
  return {
    observer: new OperationObserver(parts, (active, scope, connection) =>
      placeOf(parts, { active, scope, connection }),
    ),
    sharedObserver: new OperationObserver(parts, (active, _scope, connection) => ({
      parent: trace.getSpan(active) === undefined ? ROOT_CONTEXT : active,
      implicit: null,
      links: parts.lives.get(connection)?.setupLinks ?? [],
    })),
    startCheckout: (kind, caller = null) =>
      isQuiet(parts) ? quietCheckout : new CheckoutTrace(parts, kind, caller),
    startConnect: (id, demandedBy) => new ConnectAttempt(parts, { id, endpoint: target, demandedBy }),
    refresh: () => void parts.meters.get(),
    close: () => parts.meters.close(),
  };
}

/** Without an SDK, a checkout costs two look-ups and no object. */
function isQuiet(parts: TelemetryParts): boolean {
  return parts.tracers.get() === null && parts.meters.get() === null;
}

function createParts(details: PoolTelemetryDetails): TelemetryParts {
  const settings = resolveTelemetryOptions(details.options);
  return {
    settings,
    tracers: new TracerSource(settings.tracerProvider),
    meters: new MeterSource(settings.meterProvider, { name: details.poolName, gauges: details.gauges }),
    spans: new Spans(details.poolName, settings),
    shield: new DriverShield(settings.onPgInstrumentation, details.isDriverPatched),
    lives: new WeakMap(),
    endpointOf: endpoints((where) => new Endpoint(where, settings)),
  };
}

/** Remembers endpoints by identity first, since a connection stays where it is. */
function endpoints(create: (where: TelemetryTarget) => Endpoint): (where: TelemetryTarget) => Endpoint {
  const byIdentity = new WeakMap<TelemetryTarget, Endpoint>();
  const byName = new Map<string, Endpoint>();
  return (where) => {
    const known = byIdentity.get(where);
    if (known !== undefined) return known;
    const name = `${where.host}:${where.port}/${where.database}`;
    const endpoint = byName.get(name) ?? create(where);
    byName.set(name, endpoint);
    byIdentity.set(where, endpoint);
    return endpoint;
  };
}

function placeOf(
  parts: TelemetryParts,
  operation: { active: Context; scope: object | null; connection: ConnectionIdentity },
): Place | null {
  const { active, scope, connection } = operation;
  if (scope instanceof CheckoutTrace) return placeInCheckout(scope, active);
  // The SDK started during the checkout.
  if (scope === quietCheckout) return { parent: active, implicit: null };
  // What the pool runs for itself is told only on request, and then as a root or under its own reset or validation.
  const life = parts.settings.hasLifecycleSpans ? parts.lives.get(connection) : undefined;
  return life === undefined ? null : { parent: life.ownContext, implicit: null, links: life.setupLinks };
}

function placeInCheckout(checkout: CheckoutTrace, active: Context): Place {
  const parent = checkout.parentIn(active);
  const { implicit, connection } = checkout;
  if (connection === null || (checkout.hasSpan && checkout.kind !== "shared")) return { parent, implicit };
  return { parent, implicit, links: connection.setupLinks };
}
