/** Something under way that is bounded in time and whose late answer is ignored. */
export interface Task {
  /** Gives it up: aborts its signal, stops its timer, and ignores whatever comes of it. */
  cancel(): void;
}
