/** What a value's text means, as far as it matters for order, sums and formats. */
export type ValueKind = "number" | "boolean" | "time" | "interval" | "json" | "bytea" | "array" | "text";

const KINDS: Readonly<Record<string, ValueKind>> = {
  smallint: "number",
  integer: "number",
  bigint: "number",
  numeric: "number",
  real: "number",
  "double precision": "number",
  money: "number",
  oid: "number",
  boolean: "boolean",
  date: "time",
  time: "time",
  timetz: "time",
  timestamp: "time",
  timestamptz: "time",
  interval: "interval",
  json: "json",
  jsonb: "json",
  bytea: "bytea",
};

/** The kind of a type by its name as columns carry it, such as `numeric(10,2)`. */
export function kindOf(typeName: string): ValueKind {
  if (typeName.endsWith("[]")) return "array";
  return KINDS[typeName.replace(/\(.*\)$/, "")] ?? "text";
}

/** A number as PostgreSQL writes it, without an exponent. */
export const PLAIN_NUMBER: RegExp = /^-?[0-9]+(?:\.[0-9]+)?$/;
