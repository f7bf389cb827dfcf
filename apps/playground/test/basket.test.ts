import { expect, test } from "vitest";
import { parseBasket, RefusedError } from "../src/service/basket.ts";

test("a basket is read from JSON", () => {
  const basket = { customerId: 7, lines: [{ productId: 3, quantity: 2 }] };
  expect(parseBasket(JSON.stringify(basket))).toEqual(basket);
});

test.each([
  ["", "the body must be JSON"],
  ["{", "the body must be JSON"],
  ["null", "customerId must be"],
  ["[]", "customerId must be"],
  ['{"customerId":"7","lines":[]}', "customerId must be"],
  ['{"customerId":7}', "lines must be"],
  ['{"customerId":7,"lines":[]}', "lines must be"],
  ['{"customerId":7,"lines":[null]}', "productId must be"],
  ['{"customerId":7,"lines":[{"productId":1.5,"quantity":1}]}', "productId must be"],
  ['{"customerId":7,"lines":[{"productId":1,"quantity":0}]}', "quantity must be"],
  ['{"customerId":7,"lines":[{"productId":1,"quantity":100}]}', "quantity must be"],
])("%s is refused with what is wrong", (body, words) => {
  expect(() => parseBasket(body)).toThrow(words);
  expect(() => parseBasket(body)).toThrow(RefusedError);
});
