import type { ConnectionTarget } from "../factory/connection-factory.ts";

const taken = new Set<string>();

/** The default name of a pool: where its connections go, as the semantic conventions spell it; `pool` where that is not known. */
export function nameOf(target: ConnectionTarget | undefined): string {
  if (target === undefined) return "pool";
  const [first] = target.hosts;
  return first === undefined ? target.database : `${first.host}:${first.port}/${target.database}`;
}

/**
 * Makes a name unique among the pools of the process that are open, since ids of connections and series of metrics begin with it: the
 * second `main` is `main-2`. Give it back with {@link freeName}.
 */
export function takeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted}-${n}`;
  taken.add(name);
  return name;
}

export function freeName(name: string): void {
  taken.delete(name);
}
