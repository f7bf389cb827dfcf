import { createHash } from "node:crypto";
import { ConfigError } from "../errors.ts";

/**
 * What an advisory lock is on: one 64-bit integer, two 32-bit integers, or a name.
 *
 * A name stands for the first 8 bytes of its SHA-256, so that every program, in whatever language, can take the same lock. In
 * SQL: `('x' || left(encode(sha256(convert_to('name', 'UTF8')), 'hex'), 16))::bit(64)::bigint`.
 */
export type AdvisoryLockKey = bigint | number | string | readonly [number, number];

/** The arguments of the server's lock functions, and their types. */
export interface LockArguments {
  readonly placeholders: string;
  readonly values: readonly string[];
}

/** @throws {ConfigError} the key does not fit the server's integers. */
export function lockArguments(key: AdvisoryLockKey): LockArguments {
  if (typeof key === "object") return pairArguments(key);
  const value = typeof key === "string" ? hash(key) : integer(key);
  return { placeholders: "$1::bigint", values: [String(value)] };
}

function pairArguments(key: readonly [number, number]): LockArguments {
  const isPair =
    Array.isArray(key) &&
    key.length === 2 &&
    key.every((part) => Number.isInteger(part) && part === (part | 0));
  if (!isPair) throw new ConfigError("an advisory lock's pair is two integers of 32 bits");
  return { placeholders: "$1::int, $2::int", values: key.map(String) };
}

function integer(key: bigint | number): bigint {
  if (typeof key !== "bigint" && !Number.isSafeInteger(key)) {
    throw new ConfigError("an advisory lock's key is a safe integer, a bigint beyond that, a pair or a name");
  }
  const value = BigInt(key);
  if (BigInt.asIntN(64, value) !== value)
    throw new ConfigError("an advisory lock's bigint has at most 64 bits");
  return value;
}

function hash(name: string): bigint {
  return createHash("sha256").update(name, "utf8").digest().readBigInt64BE(0);
}
