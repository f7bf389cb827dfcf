/**
 * An asynchronous context that holds one connection: the body of a `use` or a `transaction`.
 *
 * A context that was started inside another one has it as `parent`: the outer body ends only after the inner one, so it
 * is stuck whenever the inner one is.
 */
export class Holder {
  readonly parent: Holder | null;
  /** How many callers wait inside this context, at any depth. Written by the engine. */
  waiting = 0;

  constructor(parent: Holder | null) {
    this.parent = parent;
  }
}
