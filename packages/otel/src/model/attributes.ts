/** A value of an attribute as it arrives over OTLP; integers beyond 2^53 lose their last digits, bytes are base64. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key; the object has no prototype, so that no key of a sender can be mistaken for a method. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Makes attributes from pairs; the last value of a key counts. */
export function attributesFrom(pairs: Iterable<readonly [string, AttributeValue]>): Attributes {
  const attributes: Record<string, AttributeValue> = Object.create(null);
  for (const [key, value] of pairs) attributes[key] = value;
  return attributes;
}

/** The value where it is text, else null. */
export function textOf(attributes: Attributes, key: string): string | null {
  const value = attributes[key];
  return typeof value === "string" ? value : null;
}

/** The value where it is a finite number, else null. */
export function numberOf(attributes: Attributes, key: string): number | null {
  const value = attributes[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
