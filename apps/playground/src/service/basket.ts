/** What a customer wants to buy. */
export interface Basket {
  readonly customerId: number;
  readonly lines: readonly BasketLine[];
}

export interface BasketLine {
  readonly productId: number;
  readonly quantity: number;
}

/** A request that cannot be served as it is; the message is for whoever sent it. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: number;

  constructor(message: string, status = 409) {
    super(message);
    this.status = status;
  }
}

const MOST_LINES = 20;
const MOST_OF_ONE = 99;

/**
 * Reads a basket from the body of a request.
 *
 * @throws {RefusedError} with status 400 where it is none.
 */
export function parseBasket(body: string): Basket {
  const basket = parseJson(body);
  const { customerId, lines } = isRecord(basket) ? basket : {};
  if (!isCount(customerId)) throw new RefusedError("customerId must be a whole number of at least 1", 400);
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > MOST_LINES) {
    throw new RefusedError(`lines must be a list of 1 to ${MOST_LINES} products`, 400);
  }
  return { customerId, lines: lines.map(parseLine) };
}

function parseLine(line: unknown): BasketLine {
  const { productId, quantity } = isRecord(line) ? line : {};
  if (!isCount(productId)) throw new RefusedError("productId must be a whole number of at least 1", 400);
  if (!isCount(quantity) || quantity > MOST_OF_ONE) {
    throw new RefusedError(`quantity must be a whole number from 1 to ${MOST_OF_ONE}`, 400);
  }
  return { productId, quantity };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedError("the body must be JSON", 400);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
