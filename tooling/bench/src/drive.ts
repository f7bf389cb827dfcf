import type { Figures } from "./bench-case.ts";

/** After a tenth of it to warm up, runs `work` `total` times from `callers` at once; resolves with the rate and this process's CPU time for each. */
export async function drive(
  total: number,
  callers: number,
  work: (index: number) => Promise<unknown>,
): Promise<Figures> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < total) {
      next += 1;
      await work(next);
    }
  };
  const warmUp = Math.ceil(total / 10);
  next = total - warmUp;
  await Promise.all(Array.from({ length: callers }, caller));
  next = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: total / seconds, cpu: (user + system) / total };
}

/** The value below which the given share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
