import type { Random } from "../time/seeded-random.ts";

/** One request of the load. */
export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: string | null;
}

const SEARCH_WORDS = [
  "oak",
  "lamp",
  "tent",
  "blanket",
  "kettle",
  "puzzle",
  "planter",
  "rug",
  "steel",
  "wool",
];
const CUSTOMERS = 6_000;
const PRODUCTS = 480;

/** What a visitor asks for next: mostly customers and orders, sometimes a search or a purchase. */
export function pickRequest(random: Random): LoadRequest {
  const dice = random();
  if (dice < 0.35) return get(`/customers/${1 + skewed(random, CUSTOMERS)}`);
  if (dice < 0.6) return get("/orders/recent?limit=20");
  if (dice < 0.75) return get("/");
  if (dice < 0.83) return get(`/search?q=${SEARCH_WORDS[Math.floor(random() * SEARCH_WORDS.length)]}`);
  if (dice < 0.86) return get("/health");
  return { method: "POST", path: "/checkout", body: JSON.stringify(pickBasket(random)) };
}

export const REPORT: LoadRequest = get("/report");

function get(path: string): LoadRequest {
  return { method: "GET", path, body: null };
}

function pickBasket(random: Random): {
  customerId: number;
  lines: { productId: number; quantity: number }[];
} {
  const products = new Set<number>();
  const size = 1 + Math.floor(random() * 3);
  while (products.size < size) products.add(1 + skewed(random, PRODUCTS));
  const lines = [...products].map((productId) => ({ productId, quantity: 1 + Math.floor(random() * 2) }));
  return { customerId: 1 + skewed(random, CUSTOMERS), lines };
}

/** A whole number below `count`; small ones come more often, as favourites do. */
function skewed(random: Random, count: number): number {
  return Math.floor(random() ** 1.7 * count);
}
