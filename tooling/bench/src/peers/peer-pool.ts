/** A pool of connections as every contestant offers it. */
export interface PeerPool {
  readonly name: string;
  /** Takes a connection and gives it back at once. */
  cycle(): Promise<void>;
  /** Takes every connection and gives them back, so that they are open. */
  fill(): Promise<void>;
  close(): Promise<void>;
}

/** How many connections each pool may open. */
export const poolSize = 10;
