import type { QueryValue, RowMode } from "../../src/connection/query.ts";

/** One query to run in two ways. */
export interface Sample {
  readonly text: string;
  readonly values?: readonly QueryValue[];
  readonly rowMode?: RowMode;
}

/** Literals of every type that PostgreSQL has built in, and a few that programs make. */
const literals: Readonly<Record<string, readonly string[]>> = {
  bool: ["true", "false"],
  int2: ["0", "1", "-1", "32767", "-32768"],
  int4: ["0", "7", "-7", "2147483647", "-2147483648"],
  int8: ["0", "9007199254740993", "-9223372036854775808", "9223372036854775807"],
  oid: ["0", "4294967295"],
  numeric: ["0", "1.50", "-0.000001", "123456789012345678901234567890.12", "'NaN'", "'Infinity'"],
  float4: ["0", "1.5", "-0.1", "'NaN'", "'Infinity'", "'-Infinity'", "3.4e38"],
  float8: ["0", "0.1", "-1e-300", "'NaN'", "'Infinity'", "1.7976931348623157e308", "'-0'"],
  money: ["12.34", "-5"],
  text: [
    "''",
    "'plain'",
    "'zażółć gęślą jaźń'",
    "'😀 emoji'",
    "E'tab\\tline\\n'",
    "'\"quoted\" and ''single'''",
  ],
  varchar: ["'a'", "'ü'"],
  "char(5)": ["'ab'", "'abcde'"],
  '"char"': ["'x'"],
  name: ["'a_name'"],
  bytea: ["'\\x'", "'\\xdeadbeef'", "'\\x00ff'"],
  date: ["'2024-02-29'", "'1582-10-15'", "'0044-03-15 BC'", "'infinity'", "'-infinity'", "'20000-01-01'"],
  time: ["'12:34:56.789012'", "'00:00'"],
  timetz: ["'12:34:56+02'"],
  timestamp: ["'2024-02-29 23:59:59.999999'", "'infinity'", "'0001-01-01 00:00'", "'1999-01-08 04:05:06'"],
  timestamptz: ["'2024-07-01 12:00+00'", "'2024-01-01 12:00-08'", "'-infinity'", "'1800-01-01 00:00Z'"],
  interval: ["'1 day'", "'1 year 2 mons 3 days 04:05:06.789'", "'-1 day -00:00:01'", "'0'"],
  uuid: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
  json: ["'{}'", "'[1,2,{\"a\":null}]'", "'\"text\"'", "'1'", "'null'"],
  jsonb: ['\'{"b":1,"a":[true,false]}\'', '\'{"ü":"😀"}\'', "'null'"],
  xml: ["'<a>1</a>'"],
  inet: ["'192.168.0.1/24'", "'::1'"],
  cidr: ["'10.0.0.0/8'"],
  macaddr: ["'08:00:2b:01:02:03'"],
  macaddr8: ["'08:00:2b:01:02:03:04:05'"],
  "bit(3)": ["B'101'"],
  varbit: ["B'1'", "B''"],
  point: ["'(1,2)'", "'(-1.5,1e10)'"],
  line: ["'{1,2,3}'"],
  lseg: ["'[(0,0),(1,1)]'"],
  box: ["'(1,1),(0,0)'"],
  path: ["'[(0,0),(1,1)]'", "'((0,0),(1,1))'"],
  polygon: ["'((0,0),(1,1),(1,0))'"],
  circle: ["'<(1,2),3>'"],
  tsvector: ["'a fat cat'"],
  tsquery: ["'fat & rat'"],
  int4range: ["'[1,5)'", "'empty'"],
  tstzrange: ["'[2024-01-01,2024-02-01)'"],
  regclass: ["'pg_class'"],
  regtype: ["'int4'"],
  pg_lsn: ["'16/B374D848'"],
  xid: ["'42'"],
  tid: ["'(0,1)'"],
  mood: ["'happy'"],
  pair: ["row(1, 'x')", "row(null, '')"],
};

const withoutArrays: ReadonlySet<string> = new Set(['"char"']);

/** Each literal alone, in an array, beside a null, as object rows and as array rows. */
export function literalQueries(): Sample[] {
  const samples: Sample[] = [];
  for (const [type, values] of Object.entries(literals)) {
    for (const value of values) {
      const text = `select (${value})::${type} as v`;
      samples.push({ text }, { text, rowMode: "array" });
      samples.push({
        text: `select null::${type} as n, (${value})::${type} as v, (${value})::${type}::text as t`,
      });
    }
    const all = values.map((value) => `(${value})::${type}`).join(", ");
    if (!withoutArrays.has(type)) {
      samples.push({ text: `select array[${all}, null] as list` });
      samples.push({ text: `select array[array[${all}], array[${all}]] as nested, '{}'::${type}[] as none` });
    }
    samples.push({
      text: `select v from (values ${values.map((value) => `((${value})::${type})`).join(", ")}) t(v)`,
    });
  }
  return samples;
}

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  toPostgres(): string {
    return (this.cents / 100).toFixed(2);
  }
}

const circular: Record<string, unknown> = {};
circular.self = circular;

/** What programs pass as values, and the type it is passed to. */
const parameters: readonly (readonly [type: string, values: readonly QueryValue[]])[] = [
  [
    "text",
    ["", "text", "zażółć 😀", "a".repeat(100), "ß".repeat(40), 1, 1.5, -0, true, false, 12n, Symbol.iterator],
  ],
  [
    "text",
    [
      null,
      undefined,
      "line\nbreak",
      "quote ' \" \\",
      Number.NaN,
      { a: 1 },
      new Money(1250),
      [1, "two", null],
    ],
  ],
  ["int4", [0, -1, 2147483647, "42", 42n, 1.5, "x", true, null]],
  ["int8", [9007199254740991, 9223372036854775807n, "-1"]],
  ["numeric", [0.1, "123456789.123456789", new Money(1999), Number.POSITIVE_INFINITY]],
  ["float8", [0.1, 1e300, Number.NaN, -0]],
  ["bool", [true, false, "yes", 1, "maybe"]],
  [
    "bytea",
    [Buffer.from([0, 1, 255]), Buffer.alloc(0), new Uint8Array([1, 2, 3]), new Uint16Array([1, 2]), "\\x01"],
  ],
  ["json", [{ a: [1, { b: null }] }, "{}", [1, 2], 1, "plain", circular, { toJSON: () => undefined }]],
  ["jsonb", [{ ü: "😀" }, null, undefined, "null"]],
  ["timestamptz", [new Date(0), new Date("2024-02-29T12:34:56.789Z"), new Date(-62135596800000), "infinity"]],
  ["date", [new Date(2024, 1, 29), "2024-02-30"]],
  [
    "int4[]",
    [
      [1, 2, null],
      [],
      [
        [1, 2],
        [3, 4],
      ],
      "{1,2}",
      [1, "x"],
    ],
  ],
  ["text[]", [["a", 'b"c', "d\\e", null, ""], [["x"], ["y"]], [new Date(0)], [{ a: 1 }], [true]]],
  ["bytea[]", [[Buffer.from([1, 2]), new Uint8Array([3])]]],
  ["uuid", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "no uuid"]],
  ["inet", ["10.0.0.1"]],
  ["interval", ["1 day", { toPostgres: () => "2 days" }]],
  ["mood", ["ok", "angry"]],
];

/** Each value once alone and once between others, and those that only an error can answer. */
export function parameterQueries(): Sample[] {
  const samples: Sample[] = [];
  for (const [type, values] of parameters) {
    for (const value of values) {
      samples.push({ text: `select $1::${type} as v`, values: [value] });
      samples.push({ text: `select $1::${type} as v, $2::int as n, $3::text as t`, values: [value, 1, "t"] });
      samples.push({ text: `select $1::${type} as v where $1::${type} is null`, values: [value] });
    }
  }
  const failing = [
    "selec 1",
    "select 1/0",
    "select * from nowhere",
    "select 'x'::int",
    "select 1 where",
    "select no",
  ];
  for (const text of failing) samples.push({ text }, { text: `${text}, $1`, values: ["x"] });
  return samples;
}

const hostileNames = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "with space",
  'double ""quote',
  "single 'quote",
  "back\\slash",
  "`tick` $x",
  "line\nbreak",
  "\u2028separator\u2029",
  "*/ alert(1) /*",
  "}; throw 1; ({",
  "ünï😀",
  "1",
  "?column?",
  "null",
];

/** Column names that code made from them must survive, alone, twice and many times. */
export function hostileNameQueries(): Sample[] {
  const quoted = hostileNames.map((name) => `"${name}"`);
  const alone = quoted.flatMap((name, i) => [
    { text: `select ${i} as ${name}` },
    { text: `select ${i} as ${name}, 'last wins' as ${name}` },
    { text: `select n as ${name} from generate_series(1, 60) n` },
  ]);
  const all = quoted.map((name, i) => `n + ${i} as ${name}`).join(", ");
  return [
    ...alone,
    { text: `select ${all} from generate_series(1, 60) n` },
    { text: "select from generate_series(1, 60)" },
  ];
}

/** Results large enough to be decoded by compiled code, and commands of every kind. */
export function wideQueries(): Sample[] {
  const samples: Sample[] = [];
  for (const [type, values] of Object.entries(literals)) {
    for (const value of values) {
      const text = `select case when n % 3 = 0 then null else (${value})::${type} end as v, n from generate_series(1, 60) n`;
      samples.push({ text }, { text, rowMode: "array" });
    }
  }
  for (let columns = 1; columns <= 150; columns += 10) {
    const list = Array.from({ length: columns }, (_, i) => `${i} as c${i}, 'x${i}' as t${i}`).join(", ");
    samples.push({ text: `select ${list} from generate_series(1, 30)` });
  }
  const times =
    "generate_series('0001-01-01 00:00+00'::timestamptz, '2101-01-01', '3 years 17 days 01:02:03.004567') t";
  for (const type of ["timestamptz", "timestamp", "date", "timestamptz(1)", "timestamptz(3)"]) {
    samples.push({ text: `select t::${type} as t from ${times}` });
  }
  samples.push({ text: "select repeat('x', 300000) as big, n from generate_series(1, 5) n" });
  samples.push({ text: "select repeat('ü', $1::int) as big", values: [100_000] });
  samples.push(
    { text: "values (1, 'a'), (2, 'b')" },
    { text: "table pg_am" },
    { text: "" },
    { text: "-- nothing" },
  );
  samples.push({ text: "show server_version_num" }, { text: "explain (costs off) select 1" });
  return samples;
}
