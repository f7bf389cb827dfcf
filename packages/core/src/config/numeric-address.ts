import { isIP } from "node:net";

const forms: readonly (readonly [RegExp, number])[] = [
  [/^0x[0-9a-f]+$/i, 16],
  [/^0[0-7]*$/, 8],
  [/^[1-9][0-9]*$/, 10],
];

/**
 * The address that a text without a look-up stands for; null where it is a name. Beside the usual forms, what `inet_aton` reads: `127.1`,
 * `0x7f000001`, and a leading zero for octal.
 */
export function numericAddress(text: string): string | null {
  if (isIP(text) !== 0) return text;
  const numbers = text.split(".").map(numberOf);
  const last = numbers.pop();
  const room = 256 ** (4 - numbers.length);
  if (numbers.length > 3 || last === undefined || !(last < room)) return null;
  if (!numbers.every((number) => number < 256)) return null;
  const rest = Array.from({ length: 4 - numbers.length }, (_, index) => {
    return Math.floor(last / 256 ** (3 - numbers.length - index)) % 256;
  });
  return [...numbers, ...rest].join(".");
}

function numberOf(part: string): number {
  const form = forms.find(([pattern]) => pattern.test(part));
  if (form === undefined) return Number.NaN;
  const [, radix] = form;
  return Number.parseInt(radix === 16 ? part.slice(2) : part, radix);
}
