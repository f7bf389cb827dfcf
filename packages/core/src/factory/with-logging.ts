import { performance } from "node:perf_hooks";
import { mustBeDuration } from "../connection/duration.ts";
import type { ConnectionIdentity, ConnectionObserver } from "../connection/observer.ts";
import { bothObservers } from "../connection/observer-pair.ts";
import { sessionOf } from "../connection/open-connection.ts";
import { ConfigError, isPoolError } from "../errors.ts";
import { checkOptions, optionRules } from "../option-rules.ts";
import { reasonOf } from "./connect-failure.ts";
import type { ConnectionFactory } from "./connection-factory.ts";

/** One operation that has ended. Holds no parameter values, no rows and no message of the server. */
export interface LogEntry {
  readonly connection: ConnectionIdentity;
  /** As the caller gave it: `$1` for a value that travels apart, while a literal within the text stands as it is. */
  readonly text: string;
  readonly durationMillis: number;
  /** Rows returned or affected; null where unknown. */
  readonly rowCount: number | null;
  /** SQLSTATE or the code of the error; null on success. */
  readonly errorCode: string | null;
}

export interface LoggingOptions {
  /** Where an entry goes. Default: one line for each on standard error. */
  readonly log?: ((entry: LogEntry) => void) | undefined;
  /** The shortest operation that is logged, in milliseconds. Default: 0. */
  readonly minDurationMillis?: number | undefined;
  /** Milliseconds from any origin. Default: `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes a factory whose connections log each operation that took a while, in a pool as well as alone.
 *
 * It is psycopg2's `MinTimeLoggingConnection`; with `minDurationMillis` 0 its `LoggingConnection`. What `log` throws is ignored.
 *
 * @throws {ConfigError} an option is unknown or wrong.
 *
 * @example
 * const factory = withLogging(createConnectionFactory(url), {
 *   minDurationMillis: 100,
 *   log: ({ text, durationMillis }) => console.warn(`${durationMillis.toFixed()} ms: ${text}`),
 * });
 */
export function withLogging(factory: ConnectionFactory, options: LoggingOptions = {}): ConnectionFactory {
  checkOptions(rules, options);
  mustBeDuration("minDurationMillis", options.minDurationMillis ?? 0);
  for (const name of ["log", "now"] as const) {
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw new ConfigError(`${name} must be a function, not ${typeof options[name]}`);
  }
  const logger = observerOf(options);
  return {
    target: factory.target,
    connect: async (connectOptions = {}) => {
      const { observer = null } = connectOptions;
      // While it connects, so that the statements of `configure` are logged too.
      const connection = await factory.connect({
        ...connectOptions,
        observer: bothObservers(observer, logger),
      });
      const session = sessionOf(connection);
      session.observer = observer;
      session.companion = bothObservers(session.companion, logger);
      return connection;
    },
  };
}

const rules = optionRules<LoggingOptions>("withLogging()", {
  log: true,
  minDurationMillis: true,
  now: true,
});

function print({ connection, text, durationMillis, rowCount, errorCode }: LogEntry): void {
  const rows = rowCount === null ? "" : `, ${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  const outcome = errorCode === null ? rows : `, ${errorCode}`;
  process.stderr.write(`${connection.id} ${durationMillis.toFixed(1)} ms${outcome}: ${text}\n`);
}

function observerOf({
  log = print,
  minDurationMillis = 0,
  now = () => performance.now(),
}: LoggingOptions): ConnectionObserver {
  return {
    started: (connection, { text }) => {
      const startedAt = now();
      return {
        comment: null,
        end: ({ error, rowCount }) => {
          const durationMillis = now() - startedAt;
          if (durationMillis < minDurationMillis) return;
          try {
            log({ connection, text, durationMillis, rowCount, errorCode: codeOf(error) });
          } catch {
            // An observer must not throw, and there is nobody to tell.
          }
        },
      };
    },
  };
}

function codeOf(error: unknown): string | null {
  if (error === null) return null;
  return isPoolError(error) ? error.code : reasonOf(error);
}
