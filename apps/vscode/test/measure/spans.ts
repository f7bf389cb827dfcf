import type { Attributes, AttributeValue, ReceivedSpan } from "@rockpool/otel/timeline";

export type { ReceivedSpan };

/** Attributes as a receiver makes them. */
export function attributesOf(values: Readonly<Record<string, AttributeValue>>): Attributes {
  return values;
}
