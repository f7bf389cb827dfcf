import type { Sizes } from "../engine/options.ts";
import { type OptionRules, optionRules } from "../option-rules.ts";
import type { AcquireOptions } from "./acquisition.ts";
import type { Pool } from "./pool.ts";

type OptionsOf<Verb extends "open" | "close"> = NonNullable<Parameters<Pool[Verb]>[0]>;

const limits = { signal: true, timeoutMillis: true } as const;

/** The rules of the verbs that only a pool has. */
export const poolRulesOf: Readonly<Record<"acquire" | "use" | "open" | "close" | "resize", OptionRules>> = {
  acquire: optionRules<AcquireOptions>("acquire()", limits),
  use: optionRules<AcquireOptions>("use()", limits),
  open: optionRules<OptionsOf<"open">>("open()", { wait: true, timeoutMillis: true }),
  close: optionRules<OptionsOf<"close">>("close()", { timeoutMillis: true }),
  resize: optionRules<Sizes>("resize()", { max: true, min: true, minIdle: true }),
};
