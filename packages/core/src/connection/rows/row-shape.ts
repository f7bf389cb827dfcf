import type { Field, RowFactory, RowMode, TypeParsers } from "../query.ts";
import { type ParserLookup, readerOf } from "./cell-reader.ts";
import type { RowPlan } from "./row-compiler.ts";
import { RowDecoder } from "./row-decoder.ts";
import { safeParsers } from "./safe-parsers.ts";

/** The columns of a result and how to decode its rows, shared by every run of a statement. */
export class RowShape {
  readonly fields: readonly Field[];
  readonly #names: readonly string[];
  readonly #parsers: Parsers;
  readonly #decoders = new Map<RowMode, RowDecoder<unknown>>();
  readonly #decodersByTypes = new WeakMap<TypeParsers, Map<RowMode, RowDecoder<unknown>>>();

  constructor(fields: readonly Field[], parsers: Parsers) {
    this.fields = Object.freeze(fields);
    this.#names = fields.map((field) => field.name);
    this.#parsers = parsers;
  }

  /** @param types - the query's own parsers; null = none. */
  decoder<R>(mode: RowMode, types: TypeParsers | null): RowDecoder<R>;
  decoder(mode: RowMode, types: TypeParsers | null): RowDecoder<unknown> {
    const decoders = types === null ? this.#decoders : this.#decodersOf(types);
    const known = decoders.get(mode);
    if (known !== undefined) return known;
    const parserOf = this.#parsers.lookup(types);
    const readers = this.fields.map((field) => readerOf(field.dataTypeId, parserOf, this.#parsers.driver));
    const plan = { names: this.#names, readers, mode };
    const decoder = this.#madeByFactory(plan) ?? new RowDecoder<unknown>(plan);
    decoders.set(mode, decoder);
    return decoder;
  }

  /** A decoder whose rows a row factory makes; null where rows are the driver's kind of objects or asked for as arrays. */
  #madeByFactory(plan: RowPlan): RowDecoder<unknown> | null {
    const { rowFactory } = this.#parsers;
    if (rowFactory === null || plan.mode === "array") return null;
    const make = rowFactory(this.fields);
    const values = new RowDecoder<unknown[]>({ ...plan, mode: "array" });
    return { decode: (buffer, start) => make(values.decode(buffer, start)) };
  }

  #decodersOf(types: TypeParsers): Map<RowMode, RowDecoder<unknown>> {
    const known = this.#decodersByTypes.get(types);
    if (known !== undefined) return known;
    const decoders = new Map<RowMode, RowDecoder<unknown>>();
    this.#decodersByTypes.set(types, decoders);
    return decoders;
  }
}

/** Where the parser of a type comes from: the query, the connection, the driver. */
export class Parsers {
  readonly driver: ParserLookup;
  readonly rowFactory: RowFactory | null;
  readonly #connection: TypeParsers;
  readonly #safe: ParserLookup;

  constructor(driver: ParserLookup, connection: TypeParsers | null, rowFactory: RowFactory | null = null) {
    this.driver = driver;
    this.#safe = safeParsers(driver);
    this.rowFactory = rowFactory;
    this.#connection = connection ?? {};
  }

  lookup(query: TypeParsers | null): ParserLookup {
    const own = query ?? {};
    return (type) => own[type] ?? this.#connection[type] ?? this.#safe(type);
  }
}
