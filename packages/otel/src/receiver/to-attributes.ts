import { type Attributes, type AttributeValue, attributesFrom } from "../model/attributes.ts";
import type { AnyValue, KeyValue } from "./generated/otlp_pb.ts";

/** Turns the key-value list of a message into attributes. */
export function toAttributes(pairs: readonly KeyValue[]): Attributes {
  return attributesFrom(pairs.map(({ key, value }) => [key, toAttributeValue(value)] as const));
}

function toAttributeValue(any: AnyValue | undefined): AttributeValue {
  if (any === undefined) return null;
  const value = any.value;
  switch (value.case) {
    case "intValue":
      return Number(value.value);
    case "bytesValue":
      return Buffer.from(value.value).toString("base64");
    case "arrayValue":
      return value.value.values.map(toAttributeValue);
    case "kvlistValue":
      return toAttributes(value.value.values);
    case undefined:
      return null;
    default:
      return value.value;
  }
}

/** Epoch nanoseconds as milliseconds with a fraction. */
export function toUnixMillis(nanos: bigint): number {
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}
