/** A duration with three digits and the unit that suits it: `42 µs`, `1.25 ms`, `3.4 s`, `12 min`. */
export function formatDuration(millis: number): string {
  if (millis < 0.001) return "0 ms";
  if (millis < 1) return `${threeDigits(millis * 1_000)} µs`;
  if (millis < 1_000) return `${threeDigits(millis)} ms`;
  if (millis < 120_000) return `${threeDigits(millis / 1_000)} s`;
  return `${threeDigits(millis / 60_000)} min`;
}

/** A share of one in whole percent; nearly all is not all. */
export function formatShare(share: number): string {
  const percent = share < 1 ? Math.min(99, Math.round(share * 100)) : 100;
  return `${percent} %`;
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
