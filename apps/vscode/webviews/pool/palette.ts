/** The kinds of paint on a lane, by the custom property that holds their colour. */
const PAINTS = {
  used: "--used",
  statement: "--statement",
  transaction: "--transaction",
  transactionStatement: "--transaction-statement",
  cancelling: "--cancelling",
  connecting: "--connecting",
  closing: "--closing",
  busy: "--busy",
  idle: "--idle",
  failed: "--failed",
  leak: "--leak",
} as const;

export type Paint = keyof typeof PAINTS;

/** Colours of the theme as a canvas holds them, and whether shapes must tell what colours may not. */
export interface Palette {
  readonly colors: Readonly<Record<Paint, number>>;
  readonly hasPatterns: boolean;
}

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** One pixel in the byte order of `ImageData`. */
function packed(color: string): number {
  if (probe === null) return 0;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const { data } = probe.getImageData(0, 0, 1, 1);
  return new DataView(data.buffer).getUint32(0, true);
}

/** Reads the theme's colours from an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (paint: Paint): number => packed(style.getPropertyValue(PAINTS[paint]).trim());
  return {
    colors: {
      used: read("used"),
      statement: read("statement"),
      transaction: read("transaction"),
      transactionStatement: read("transactionStatement"),
      cancelling: read("cancelling"),
      connecting: read("connecting"),
      closing: read("closing"),
      busy: read("busy"),
      idle: read("idle"),
      failed: read("failed"),
      leak: read("leak"),
    },
    hasPatterns: document.body.matches(".vscode-high-contrast, .vscode-high-contrast-light"),
  };
}
