import type { Pool, QueryOptions, Row } from "@rockpool/core";
import type { Meter } from "../meter/meter.ts";
import { type Basket, RefusedError } from "./basket.ts";
import * as sql from "./statements.ts";

/** How an operation can be ended from outside. */
type Ending = Pick<QueryOptions, "signal">;

/** What runs a statement: a pool, a lease or a transaction. */
type Runner = Pick<Pool, "query">;

/** The shop's data, as the endpoints need it. */
export class Shop {
  readonly #pool: Pool;
  readonly #meter: Meter;

  constructor(pool: Pool, meter: Meter) {
    this.#pool = pool;
    this.#meter = meter;
  }

  async #rows(runner: Runner, text: string, values: (string | number)[], ending: Ending): Promise<Row[]> {
    this.#meter.countQuery();
    const { rows } = await runner.query(text, values, ending);
    return rows;
  }

  featured(ending: Ending): Promise<Row[]> {
    return this.#rows(this.#pool, sql.FEATURED, [], ending);
  }

  recentOrders(limit: number, ending: Ending): Promise<Row[]> {
    return this.#rows(this.#pool, sql.RECENT_ORDERS, [limit], ending);
  }

  search(words: string, ending: Ending): Promise<Row[]> {
    return this.#rows(this.#pool, sql.SEARCH, [words], ending);
  }

  /** Which products are bought together; slow, since it joins all lines with each other. */
  report(ending: Ending): Promise<Row[]> {
    return this.#rows(this.#pool, sql.REPORT, [], ending);
  }

  /** Two statements on one lease; null where there is no such customer. */
  customer(id: number, ending: Ending): Promise<Row | null> {
    return this.#pool.use(async (connection) => {
      const [customer] = await this.#rows(connection, sql.CUSTOMER, [id], ending);
      if (customer === undefined) return null;
      const orders = await this.#rows(connection, sql.CUSTOMER_ORDERS, [id], ending);
      return { ...customer, orders };
    }, ending);
  }

  /** Takes the products from the stock and makes an order of them, or changes nothing. */
  checkout(basket: Basket, ending: Ending): Promise<Row> {
    return this.#pool.transaction(
      async (transaction) => {
        const [order] = await this.#rows(transaction, sql.INSERT_ORDER, [basket.customerId], ending);
        if (order === undefined) throw new RefusedError(`there is no customer ${basket.customerId}`);
        // Always in the same order, so that two baskets with the same products cannot wait for each other.
        const lines = [...basket.lines].sort((a, b) => a.productId - b.productId);
        for (const [index, { productId, quantity }] of lines.entries()) {
          const [taken] = await this.#rows(transaction, sql.TAKE_STOCK, [productId, quantity], ending);
          if (taken === undefined) throw new RefusedError(`product ${productId} is not in stock`);
          const values = [String(order.id), index + 1, productId, quantity, String(taken.price)];
          await this.#rows(transaction, sql.INSERT_LINE, values, ending);
        }
        return { orderId: order.id, lines: lines.length };
      },
      { retry: { attempts: 3 }, ...ending },
    );
  }

  async ping(ending: Ending): Promise<void> {
    await this.#rows(this.#pool, "select 1", [], ending);
  }
}
