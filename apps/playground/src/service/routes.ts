import type { Pool } from "@rockpool/core";
import { parseBasket, RefusedError } from "./basket.ts";
import type { Shop } from "./shop.ts";

/** A request as a route sees it. */
export interface RouteRequest {
  /** What the groups of the route's pattern matched. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

export interface Route {
  readonly method: "GET" | "POST";
  readonly pattern: RegExp;
  /** The pattern as a person writes it. */
  readonly path: string;
  /** How the endpoint reads for a person. */
  readonly title: string;
  readonly status?: number;
  answer(request: RouteRequest): Promise<unknown>;
}

const MOST_ORDERS = 200;

/** Every endpoint, from the cheapest to the dearest. */
export function shopRoutes(shop: Shop, pool: Pool): readonly Route[] {
  const routes: Route[] = [
    {
      method: "GET",
      pattern: /^\/$/,
      path: "/",
      title: "GET / (categories)",
      answer: async ({ signal }) => ({
        endpoints: routes.map(({ title }) => title),
        categories: await shop.featured({ signal }),
      }),
    },
    {
      method: "GET",
      pattern: /^\/customers\/(?<id>\d+)$/,
      path: "/customers/:id",
      title: "GET /customers/:id (two queries on one lease)",
      answer: async ({ parameters, signal }) =>
        found(await shop.customer(wholeNumber("id", parameters.id), { signal })),
    },
    {
      method: "GET",
      pattern: /^\/orders\/recent$/,
      path: "/orders/recent",
      title: "GET /orders/recent?limit=20",
      answer: ({ query, signal }) => {
        const limit = wholeNumber("limit", query.get("limit") ?? "20");
        return shop.recentOrders(Math.min(limit, MOST_ORDERS), { signal });
      },
    },
    {
      method: "GET",
      pattern: /^\/search$/,
      path: "/search",
      title: "GET /search?q=lamp",
      answer: ({ query, signal }) => {
        const words = query.get("q")?.trim() ?? "";
        if (words === "") throw new RefusedError("q must hold what to search for", 400);
        return shop.search(words, { signal });
      },
    },
    {
      method: "POST",
      pattern: /^\/checkout$/,
      path: "/checkout",
      title: "POST /checkout (a transaction)",
      status: 201,
      answer: ({ body, signal }) => shop.checkout(parseBasket(body), { signal }),
    },
    {
      method: "GET",
      pattern: /^\/report$/,
      path: "/report",
      title: "GET /report (slow)",
      answer: ({ signal }) => shop.report({ signal }),
    },
    {
      method: "GET",
      pattern: /^\/pool$/,
      path: "/pool",
      title: "GET /pool (live numbers)",
      answer: async () => pool.stats(),
    },
    {
      method: "GET",
      pattern: /^\/health$/,
      path: "/health",
      title: "GET /health",
      answer: async ({ signal }) => {
        await shop.ping({ signal });
        return { status: "ok" };
      },
    },
  ];
  return routes;
}

function wholeNumber(name: string, text: string | undefined): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RefusedError(`${name} must be a whole number of at least 1`, 400);
  }
  return value;
}

function found<T>(value: T | null): T {
  if (value === null) throw new RefusedError("not found", 404);
  return value;
}
