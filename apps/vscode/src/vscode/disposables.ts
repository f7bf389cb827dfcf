import type { Disposable } from "vscode";

/** Disposes what it was given, the last first. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];

  add<T extends Disposable>(item: T): T {
    this.#items.push(item);
    return item;
  }

  addAll(...items: readonly Disposable[]): void {
    this.#items.push(...items);
  }

  dispose(): void {
    for (let item = this.#items.pop(); item !== undefined; item = this.#items.pop()) item.dispose();
  }
}
