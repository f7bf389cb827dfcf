import { PLAIN_NUMBER } from "./value-kind.ts";

/** A decimal number as a whole number of units of 10^-scale. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Reads a number without an exponent; null for anything else. */
export function parseDecimal(text: string): Decimal | null {
  if (!PLAIN_NUMBER.test(text)) return null;
  const point = text.indexOf(".");
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

function rescale({ units, scale }: Decimal, target: number): bigint {
  return units * 10n ** BigInt(target - scale);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) + rescale(b, scale), scale };
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = rescale(a, scale) - rescale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The quotient to `digits` more digits than the dividend has, half away from zero. */
export function divideDecimal(dividend: Decimal, divisor: number, digits: number): Decimal {
  const scale = dividend.scale + digits;
  const units = rescale(dividend, scale) * 2n;
  const by = BigInt(divisor);
  const half = units < 0n ? -by : by;
  return { units: (units + half) / (by * 2n), scale };
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** The same number without zeros at its end. */
export function trimDecimal({ units, scale }: Decimal): Decimal {
  let trimmed = { units, scale };
  while (trimmed.scale > 0 && trimmed.units % 10n === 0n) {
    trimmed = { units: trimmed.units / 10n, scale: trimmed.scale - 1 };
  }
  return trimmed;
}

const LARGEST_SMALL = 2 ** 52;

/** An exact sum. Whole numbers that a double holds are added as such, which is much quicker than the rest. */
export class DecimalSum {
  /** By scale: a sum that a double holds exactly, and what has been carried over from it. */
  readonly #parts = new Map<number, { small: number; large: bigint }>();

  /** Adds a number; false where the text is none that has an exact value. */
  add(text: string): boolean {
    const scale = scaleOf(text);
    if (scale === null) return false;
    const part = this.#parts.get(scale) ?? { small: 0, large: 0n };
    this.#parts.set(scale, part);
    const units = scale === 0 ? text : text.slice(0, -scale - 1) + text.slice(-scale);
    if (units.length > 15) part.large += BigInt(units);
    else part.small += Number(units);
    if (part.small > LARGEST_SMALL || part.small < -LARGEST_SMALL) {
      part.large += BigInt(part.small);
      part.small = 0;
    }
    return true;
  }

  get total(): Decimal {
    let total: Decimal = { units: 0n, scale: 0 };
    for (const [scale, { small, large }] of this.#parts) {
      total = addDecimals(total, { units: large + BigInt(small), scale });
    }
    return total;
  }
}

function scaleOf(text: string): number | null {
  if (!PLAIN_NUMBER.test(text)) return null;
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}
