import type { FailedAcquire, TimelineLane, TimelineSnapshot } from "../timeline/timeline-model.ts";

/** What a page shows of one pool. */
export interface PagePool {
  readonly lanes: TimelineLane[];
  readonly failedAcquires: FailedAcquire[];
}

/** Groups lanes and failed requests by pool, in the order of the lanes. */
export function poolsOf(snapshot: TimelineSnapshot): PagePool[] {
  const pools = new Map<string, PagePool>();
  const poolOf = (place: TimelineLane | FailedAcquire): PagePool => {
    const key = JSON.stringify([place.serviceName, place.process, place.poolName]);
    const pool = pools.get(key) ?? { lanes: [], failedAcquires: [] };
    pools.set(key, pool);
    return pool;
  };
  for (const lane of snapshot.lanes) poolOf(lane).lanes.push(lane);
  for (const request of snapshot.failedAcquires) poolOf(request).failedAcquires.push(request);
  return [...pools.values()];
}

/** The pool's name, and what else tells it apart. */
export function poolTitle(pool: PagePool): { name: string; facts: string } {
  const first = pool.lanes[0] ?? pool.failedAcquires[0];
  const target = pool.lanes.find((lane) => lane.target !== null)?.target ?? null;
  const process = first?.process ? `process ${first.process}` : null;
  const facts = [first?.serviceName ?? null, process, target].filter((fact) => fact !== null);
  return { name: first?.poolName ?? "pool", facts: facts.join(" · ") };
}
