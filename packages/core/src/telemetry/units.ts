/** The conventions measure time in seconds, Rockpool in milliseconds; this is where the one becomes the other. */
export function seconds(millis: number): number {
  return millis / 1_000;
}
