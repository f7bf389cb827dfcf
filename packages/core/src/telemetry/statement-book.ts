import type { Attributes } from "@opentelemetry/api";
import type { OperationStart } from "../connection/observer.ts";
import * as semconv from "./semconv.ts";
import { type AnalysedStatement, analyseSql, type SqlAnalysis, summaryOf } from "./sql/analyse-sql.ts";

/** What telemetry says of a statement before it is sent. */
export interface DescribedStatement {
  /** The name of its span. */
  readonly name: string;
  /** Null where there is none, or none is wanted. */
  readonly summary: string | null;
  /** What a sampler may know; the same object for the same statement. */
  readonly attributes: Attributes;
}

/** Which of summary and text are told. */
export interface StatementSettings {
  readonly querySummary: boolean | "metrics";
  readonly queryText: boolean | "sanitized";
}

interface Page {
  readonly analysis: SqlAnalysis;
  /** As told where the values travel apart. */
  parameterised: DescribedStatement | null;
  plain: DescribedStatement | null;
}

/** More is cut away before it is read: neither a summary nor a reader needs it. */
const MAX_TEXT_LENGTH = 8_192;
const MAX_PAGES = 1_000;

/** Describes the statements that go to one database, and remembers those that came last. */
export class StatementBook {
  readonly #settings: StatementSettings;
  readonly #namespace: string;
  readonly #base: Attributes;
  /** In the order of their last use. */
  readonly #pages: Map<string, Page> = new Map();

  /** @param endpoint.attributes - what every span of the database carries. */
  constructor(settings: StatementSettings, endpoint: { namespace: string; attributes: Attributes }) {
    this.#settings = settings;
    this.#namespace = endpoint.namespace;
    this.#base = endpoint.attributes;
  }

  describe(operation: Pick<OperationStart, "text" | "isParameterised" | "batchSize">): DescribedStatement {
    const page = this.#page(operation.text);
    if (operation.batchSize !== 1) return this.#describeBatch(page.analysis, operation);
    if (operation.isParameterised) {
      page.parameterised ??= this.#describeOne(page.analysis, true);
      return page.parameterised;
    }
    page.plain ??= this.#describeOne(page.analysis, false);
    return page.plain;
  }

  #page(text: string): Page {
    const known = this.#pages.get(text);
    if (known !== undefined) {
      this.#pages.delete(text);
      this.#pages.set(text, known);
      return known;
    }
    const page: Page = {
      analysis: analyseSql(text.slice(0, MAX_TEXT_LENGTH)),
      parameterised: null,
      plain: null,
    };
    if (text.length > MAX_TEXT_LENGTH) return page;
    this.#pages.set(text, page);
    if (this.#pages.size > MAX_PAGES) this.#forgetOldest();
    return page;
  }

  #forgetOldest(): void {
    for (const text of this.#pages.keys()) {
      this.#pages.delete(text);
      return;
    }
  }

  #describeOne(analysis: SqlAnalysis, isParameterised: boolean): DescribedStatement {
    const { statements } = analysis;
    return this.#described({
      summary: summaryOf(statements.flatMap((statement) => statement.parts)),
      text: statements.map(this.#textOf(analysis, isParameterised)).join(""),
      batchSize: null,
    });
  }

  /** The convention's rules for a batch: what all have in common once, else a word for all, the texts one after the other. */
  #describeBatch(
    analysis: SqlAnalysis,
    operation: Pick<OperationStart, "isParameterised" | "batchSize">,
  ): DescribedStatement {
    const textOf = this.#textOf(analysis, operation.isParameterised);
    const texts = new Set(analysis.statements.map((statement) => withoutSemicolon(textOf(statement))));
    const summaries = new Set(analysis.statements.map((statement) => summaryOf(statement.parts)));
    const [common = ""] = summaries;
    const isCommon = summaries.size === 1 && common !== "" && operation.batchSize > 0;
    return this.#described({
      summary: isCommon ? summaryOf(["BATCH", common]) : "BATCH",
      text: [...texts].join("; "),
      batchSize: operation.batchSize,
    });
  }

  /** Without a place for a value in the text, the values are in the text. */
  #textOf(analysis: SqlAnalysis, isParameterised: boolean): (statement: AnalysedStatement) => string {
    const isRaw = isParameterised && analysis.hasParameters && this.#settings.queryText !== "sanitized";
    return (statement) => (isRaw ? statement.raw : statement.sanitized);
  }

  #described(statement: { summary: string; text: string; batchSize: number | null }): DescribedStatement {
    const summary =
      this.#settings.querySummary !== false && statement.summary !== "" ? statement.summary : null;
    const hasText = this.#settings.queryText !== false && statement.text !== "";
    return {
      name: summary ?? this.#namespace,
      summary,
      attributes: {
        ...this.#base,
        ...(summary === null ? {} : { [semconv.DB_QUERY_SUMMARY]: summary }),
        ...(hasText ? { [semconv.DB_QUERY_TEXT]: statement.text } : {}),
        ...(statement.batchSize === null ? {} : { [semconv.DB_OPERATION_BATCH_SIZE]: statement.batchSize }),
      },
    };
  }
}

function withoutSemicolon(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith(";") ? trimmed.slice(0, -1) : trimmed;
}
