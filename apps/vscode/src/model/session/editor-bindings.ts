import type { KeyValueStore } from "../parameters/parameter-memory.ts";
import type { SessionMode } from "./session-request.ts";

const BINDINGS_KEY = "rockpool.editorBindings";
const MODES_KEY = "rockpool.editorModes";
/** The editors that were bound longest ago are forgotten first. */
const MOST_EDITORS = 500;

type ByEditor = Readonly<Record<string, string>>;

const MODES: readonly string[] = ["auto", "pinned", "pooled"] satisfies readonly SessionMode[];

function isMode(value: string | undefined): value is SessionMode {
  return value !== undefined && MODES.includes(value);
}

/** An untitled document's name is another document's in the next window. */
function isPassing(uri: string): boolean {
  return uri.startsWith("untitled:");
}

/**
 * What was chosen for each editor, by its URI: its connection, and how its session behaves. Remembered with the workspace,
 * but for untitled documents, whose names come again.
 */
export class EditorBindings {
  readonly #store: KeyValueStore;
  readonly #passing = new Map<string, ByEditor>();

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** The name of the editor's connection; an empty string where it wants none, null where nothing was chosen. */
  connectionOf(uri: string): string | null {
    return this.#read(BINDINGS_KEY)[uri] ?? null;
  }

  /** The editors that want no connection. */
  get unbound(): readonly string[] {
    return Object.entries(this.#read(BINDINGS_KEY))
      .filter(([, name]) => name === "")
      .map(([uri]) => uri);
  }

  /** @param name - an empty string where the editor is to have no connection. */
  async bind(uri: string, name: string): Promise<void> {
    await this.#write(BINDINGS_KEY, uri, name);
  }

  /** The mode chosen for the editor; null where none was. */
  modeOf(uri: string): SessionMode | null {
    const chosen = this.#read(MODES_KEY)[uri];
    return isMode(chosen) ? chosen : null;
  }

  async setMode(uri: string, mode: SessionMode): Promise<void> {
    await this.#write(MODES_KEY, uri, mode);
  }

  /** What was chosen for one editor holds for another from now on. */
  async move(from: string, to: string): Promise<void> {
    for (const key of [BINDINGS_KEY, MODES_KEY]) {
      const value = this.#read(key)[from];
      if (value === undefined) continue;
      await this.#forget(key, from);
      await this.#write(key, to, value);
    }
  }

  /** What was bound to a connection is bound to it under its new name. */
  async renameConnection(from: string, to: string): Promise<void> {
    const renamed = (bound: ByEditor): ByEditor =>
      Object.fromEntries(Object.entries(bound).map(([uri, name]) => [uri, name === from ? to : name]));
    this.#passing.set(BINDINGS_KEY, renamed(this.#passing.get(BINDINGS_KEY) ?? {}));
    await this.#store.update(BINDINGS_KEY, renamed(this.#store.get<ByEditor>(BINDINGS_KEY, {})));
  }

  #read(key: string): ByEditor {
    return { ...this.#store.get<ByEditor>(key, {}), ...this.#passing.get(key) };
  }

  async #write(key: string, uri: string, value: string): Promise<void> {
    if (isPassing(uri)) {
      this.#passing.set(key, { ...this.#passing.get(key), [uri]: value });
      return;
    }
    const { [uri]: _, ...others } = this.#store.get<ByEditor>(key, {});
    const kept = Object.entries(others).slice(1 - MOST_EDITORS);
    await this.#store.update(key, Object.fromEntries([...kept, [uri, value]]));
  }

  async #forget(key: string, uri: string): Promise<void> {
    const { [uri]: _passing, ...passing } = this.#passing.get(key) ?? {};
    this.#passing.set(key, passing);
    const { [uri]: value, ...kept } = this.#store.get<ByEditor>(key, {});
    if (value !== undefined) await this.#store.update(key, kept);
  }
}
