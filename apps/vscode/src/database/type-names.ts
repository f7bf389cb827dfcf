import type { Field } from "@rockpool/core";

/** Built-in types by OID, as `format_type` writes them; they never change. */
const BUILT_IN: Readonly<Record<number, string>> = {
  16: "boolean",
  17: "bytea",
  18: '"char"',
  19: "name",
  20: "bigint",
  21: "smallint",
  23: "integer",
  24: "regproc",
  25: "text",
  26: "oid",
  28: "xid",
  114: "json",
  142: "xml",
  194: "pg_node_tree",
  600: "point",
  650: "cidr",
  700: "real",
  701: "double precision",
  705: "unknown",
  790: "money",
  829: "macaddr",
  869: "inet",
  1000: "boolean[]",
  1005: "smallint[]",
  1007: "integer[]",
  1009: "text[]",
  1015: "character varying[]",
  1016: "bigint[]",
  1021: "real[]",
  1022: "double precision[]",
  1042: "character",
  1043: "character varying",
  1082: "date",
  1083: "time",
  1114: "timestamp",
  1184: "timestamptz",
  1186: "interval",
  1231: "numeric[]",
  1266: "timetz",
  1560: "bit",
  1562: "bit varying",
  1700: "numeric",
  2205: "regclass",
  2206: "regtype",
  2249: "record",
  2278: "void",
  2950: "uuid",
  3220: "pg_lsn",
  3614: "tsvector",
  3615: "tsquery",
  3802: "jsonb",
  3904: "int4range",
  3906: "numrange",
  3908: "tsrange",
  3910: "tstzrange",
  3912: "daterange",
  3926: "int8range",
};

const NUMERIC = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);
const SIZED = new Set([1042, 1043]);

/** Whether values of the type are numbers, which a grid aligns at their end. */
export function isNumericType(dataTypeId: number): boolean {
  return NUMERIC.has(dataTypeId);
}

/** The type's name with its modifier; types of the database's own come from `catalog`. */
export function typeName(field: Field, catalog: ReadonlyMap<number, string>): string {
  const { dataTypeId, dataTypeModifier } = field;
  const name = BUILT_IN[dataTypeId] ?? catalog.get(dataTypeId) ?? `oid ${dataTypeId}`;
  // A length or precision is stored with the four bytes of a varlena header added to it.
  const modifier = dataTypeModifier - 4;
  if (modifier < 0) return name;
  if (SIZED.has(dataTypeId)) return `${name}(${modifier})`;
  if (dataTypeId !== 1700) return name;
  return `numeric(${(modifier >> 16) & 0xffff},${modifier & 0x7ff})`;
}
