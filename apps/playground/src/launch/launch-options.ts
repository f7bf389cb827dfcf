/** What `npm start` was told. */
export interface LaunchOptions {
  readonly editor: boolean;
  /** Ends by itself after so long; null = runs until it is interrupted. */
  readonly seconds: number | null;
  /** The summary as one line of JSON on standard output, everything else on standard error. */
  readonly json: boolean;
  /** The port of the service; 0 = any that is free. */
  readonly port: number;
  /** The port of the editor; 0 = any that is free. */
  readonly editorPort: number;
  /** The most connections of the playground's pool. */
  readonly max: number;
  /** Requests a second while it is calm; 0 = no load. */
  readonly rate: number;
  /** A database to use instead of one of our own; null = start one. */
  readonly databaseUrl: string | null;
  /** The packaged extension; null where the editor is not wanted. */
  readonly vsix: string | null;
}

/** Where a launch speaks to. */
export interface LaunchOutput {
  /** The live view and the closing summary. */
  readonly result: { readonly isTTY: boolean; write(text: string): void };
  /** Progress and addresses. */
  readonly progress: (line: string) => void;
}
