const DASH = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const SPACE = 0x20;
const PLUS = 0x2b;

const DATE_TIME =
  /^(?:(\d{4,})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?:([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?( BC)?$/;

/** A date, a time or both, as PostgreSQL writes them, in microseconds; NaN for anything else. */
export function microsOf(text: string): number {
  const micros = commonMicros(text);
  return Number.isNaN(micros) ? anyMicros(text) : micros;
}

/** `2026-01-31` and `2026-01-31 12:00:00.123456+00`, read by their places: ten times as quick as by a pattern. */
function commonMicros(text: string): number {
  const isDate = text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH;
  const year = isDate ? twoDigits(text, 0) * 100 + twoDigits(text, 2) : Number.NaN;
  // Date.UTC takes years of two digits for those of the last century.
  if (!(year >= 100)) return Number.NaN;
  const date = Date.UTC(year, twoDigits(text, 5) - 1, twoDigits(text, 8)) * 1_000;
  return text.length === 10 ? date : date + timeMicros(text);
}

function timeMicros(text: string): number {
  if (text.charCodeAt(10) !== SPACE || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON)
    return Number.NaN;
  const seconds = twoDigits(text, 11) * 3_600 + twoDigits(text, 14) * 60 + twoDigits(text, 17);
  let at = 19;
  let fraction = 0;
  let unit = 1_000_000;
  if (text.charCodeAt(at) === POINT) {
    for (at++; unit > 1 && isDigit(text, at); at++) {
      unit /= 10;
      fraction += (text.charCodeAt(at) - 0x30) * unit;
    }
  }
  return seconds * 1_000_000 + fraction - zoneMicros(text, at);
}

/** The zone as whole hours, or none. */
function zoneMicros(text: string, at: number): number {
  if (at === text.length) return 0;
  const sign = text.charCodeAt(at);
  if (text.length !== at + 3 || (sign !== PLUS && sign !== DASH)) return Number.NaN;
  return twoDigits(text, at + 1) * 3_600_000_000 * (sign === DASH ? -1 : 1);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function twoDigits(text: string, at: number): number {
  if (!isDigit(text, at) || !isDigit(text, at + 1)) return Number.NaN;
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30;
}

function anyMicros(text: string): number {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  if (text === "-infinity") return Number.NEGATIVE_INFINITY;
  const match = DATE_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [
    ,
    year,
    month = "1",
    day = "1",
    hour = "0",
    minute = "0",
    second = "0",
    sign,
    oh = "0",
    om = "0",
    os = "0",
    bc,
  ] = match;
  const date = new Date(0);
  if (year !== undefined)
    date.setUTCFullYear(bc ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  const offset = (Number(oh) * 3_600 + Number(om) * 60 + Number(os)) * (sign === "-" ? -1 : 1);
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second) - offset;
  return date.getTime() * 1_000 + Math.round(seconds * 1_000_000);
}
