/** One side of a comparison, set up and ready to run. */
export interface Contestant {
  readonly name: string;
  /** Runs one slice of the work and resolves with the measured figures, by the names of the case's columns. */
  run(): Promise<Figures>;
  close(): Promise<void>;
}

/** Measured figures by column name. */
export type Figures = Readonly<Record<string, number>>;

/** What a case needs of its surroundings. */
export interface Surroundings {
  readonly databaseUrl: string;
  /** 1 for a full run; smaller to see only that everything works. */
  readonly scale: number;
}

/** One figure of a case. */
export interface Column {
  readonly name: string;
  readonly unit: string;
  readonly isLowerBetter: boolean;
}

/** A question about speed, and who is asked. */
export interface BenchCase {
  readonly name: string;
  /** What a reader wants to know. */
  readonly question: string;
  readonly columns: readonly Column[];
  /** The contestant that all others are divided by. */
  readonly baseline: string;
  /** Into how many slices a round is cut; in each every contestant takes a turn, so that noise hits all alike. */
  readonly slices: number;
  setUp(surroundings: Surroundings): Promise<Contestant[]>;
}

/** One slice of one case, as a child process reports it. */
export interface SliceReport {
  readonly results: readonly { readonly contestant: string; readonly figures: Figures }[];
}
