import type { RowFactory } from "../connection/query.ts";
import type { ConnectionFactory } from "./connection-factory.ts";

/**
 * Makes a factory whose connections give rows as `rowFactory` makes them, from queries, scripts, pipelines and cursors alike; what
 * psycopg2 does with a `cursor_factory`. `rowMode: "array"` still gives arrays.
 *
 * @example
 * const scalars = withRows(createConnectionFactory(url), () => ([value]) => value);
 */
export function withRows(factory: ConnectionFactory, rowFactory: RowFactory): ConnectionFactory {
  return {
    target: factory.target,
    connect: (options) => factory.connect({ ...options, rowFactory }),
  };
}
