/// <reference path="./driver-utils.d.ts" />
import { Buffer } from "node:buffer";
import driver from "pg/lib/utils.js";
import type { QueryValue } from "./query.ts";
import type { EncodedValue } from "./wire/message-writer.ts";

const none: readonly EncodedValue[] = [];
/** The protocol counts them in 16 bits. */
const maxParameters = 65_535;

/**
 * Turns values into what travels, exactly as the driver does, at the moment of the call.
 *
 * Whatever a value's own `toPostgres` or `toJSON` throws is thrown here, before anything is sent; later changes of the
 * values do not matter.
 */
export function encodeParameters(values: readonly QueryValue[] | null | undefined): readonly EncodedValue[] {
  if (values === undefined || values === null || values.length === 0) return none;
  if (!Array.isArray(values)) throw new TypeError("the values of a query must be an array");
  if (values.length > maxParameters) {
    throw new RangeError(
      `a statement takes up to ${maxParameters} values, not ${values.length}; pass arrays instead`,
    );
  }
  const encoded = new Array<EncodedValue>(values.length);
  for (let i = 0; i < values.length; i++) encoded[i] = encode(values[i]);
  return encoded;
}

function encode(value: QueryValue): EncodedValue {
  if (typeof value === "string") return value;
  if (typeof value === "number") return `${value}`;
  if (value === null || value === undefined) return null;
  const prepared: unknown = driver.prepareValue(value);
  if (typeof prepared === "string") return prepared;
  if (Buffer.isBuffer(prepared)) return prepared;
  // JSON has no form for some values, such as an object whose toJSON gives undefined.
  return prepared === null || prepared === undefined ? null : String(prepared);
}
