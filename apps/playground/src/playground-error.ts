/** A failure that the user can act on: its message holds the fact and the remedy. */
export class PlaygroundError extends Error {
  override readonly name = "PlaygroundError";
}
