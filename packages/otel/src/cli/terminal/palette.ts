/** What a cell of a lane stands for, which decides its colour. */
export type Tone = "idle" | "new" | "queued" | "held" | "connecting" | "failure" | "quiet" | "strong";

/** How a timeline is drawn in a terminal. */
export interface TerminalStyle {
  /** Characters in a line. */
  readonly width: number;
  readonly isAscii: boolean;
  readonly isColoured: boolean;
}

/** SGR parameters of the 16 basic colours, which every terminal theme chooses to be readable. */
const CODES: Readonly<Record<Tone, string>> = {
  idle: "32",
  new: "36",
  queued: "33",
  held: "35",
  connecting: "36",
  failure: "31",
  quiet: "90",
  strong: "1",
};

/** Returns the function that puts text in a tone. */
export function painter(isColoured: boolean): (text: string, tone: Tone) => string {
  if (!isColoured) return (text) => text;
  return (text, tone) => (text === "" ? "" : `\u001b[${CODES[tone]}m${text}\u001b[0m`);
}

/** The characters of a drawing. */
export interface Glyphs {
  /** From the least to the greatest share of a cell in which the connection was held. */
  readonly levels: readonly string[];
  readonly idle: string;
  readonly connecting: string;
  readonly closed: string;
  readonly failed: string;
  readonly axis: string;
  readonly tick: string;
  readonly separator: string;
  /** Where a name lost its beginning. */
  readonly cut: string;
}

const UNICODE: Glyphs = {
  levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  idle: "·",
  connecting: "╌",
  closed: "×",
  failed: "!",
  axis: "─",
  tick: "┬",
  separator: " · ",
  cut: "…",
};

const ASCII: Glyphs = {
  levels: [".", ":", "-", "=", "+", "*", "%", "#"],
  idle: "_",
  connecting: "~",
  closed: "x",
  failed: "!",
  axis: "-",
  tick: "+",
  separator: ", ",
  cut: "~",
};

/** The characters for a style. */
export function glyphsOf(style: TerminalStyle): Glyphs {
  return style.isAscii ? ASCII : UNICODE;
}
