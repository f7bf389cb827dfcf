/** A duration for people: `0.4 ms`, `12 ms`, `3.1 s`, `2:05`. */
export function formatDuration(millis: number): string {
  if (millis < 10) return `${millis.toFixed(1)} ms`;
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(millis / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A duration that is read while it grows, in whole steps so that it does not flicker: `3 s`, `2:05`. */
export function formatAge(millis: number): string {
  const seconds = Math.floor(millis / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), String(seconds % 60).padStart(2, "0")];
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An age that stays as it is for long, in steps of ten seconds and then of minutes; an empty string before the first. */
export function formatCoarseAge(millis: number): string {
  const seconds = Math.floor(millis / 10_000) * 10;
  if (seconds === 0) return "";
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
