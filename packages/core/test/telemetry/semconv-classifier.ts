import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What the conventions say of a name. */
export type Standing = "stable" | "development" | "deprecated" | "ours" | "unknown";

/** Classifies names of attributes and metrics by the declarations of `@opentelemetry/semantic-conventions`. */
export class SemconvClassifier {
  readonly #standings = new Map<string, Standing>();

  constructor() {
    const directory = dirname(createRequire(import.meta.url).resolve("@opentelemetry/semantic-conventions"));
    for (const kind of ["attributes", "metrics"]) {
      this.#read(join(directory, `experimental_${kind}.d.mts`), "development");
      this.#read(join(directory, `stable_${kind}.d.mts`), "stable");
    }
  }

  classify(name: string): Standing {
    if (name.startsWith("rockpool.")) return "ours";
    return this.#standings.get(name) ?? "unknown";
  }

  #read(path: string, standing: Standing): void {
    const declaration =
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?declare const (?:ATTR|METRIC)_\w+\s*(?::|=)\s*"([^"]+)"/g;
    for (const [, comment = "", name = ""] of readFileSync(path, "utf8").matchAll(declaration)) {
      this.#standings.set(name, comment.includes("@deprecated") ? "deprecated" : standing);
    }
  }
}
