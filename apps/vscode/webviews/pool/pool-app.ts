import type { PoolHostMessage, PoolView, PoolViewMessage } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { Host } from "../shared/vscode-api.ts";
import { PoolSection } from "./pool-section.ts";

/** The Pool Dashboard. Each message of the host is complete, so the view keeps nothing of its own but what it drew. */
export class PoolApp {
  readonly #host = new Host<PoolViewMessage, PoolHostMessage, never>();
  readonly #root: HTMLElement;
  readonly #sections = new Map<string, PoolSection>();
  readonly #empty: HTMLElement;
  #last: PoolHostMessage | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#empty = element(
      "div",
      { className: "empty" },
      element("p", {
        text: "A connected database shows its pool here: every slot, who holds it and who waits.",
      }),
      linkButton("Connect…", () => this.#host.send({ type: "connect" })),
    );
  }

  start(): void {
    this.#root.className = "dashboard";
    this.#host.onMessage((message) => this.#show(message));
    new ResizeObserver(() => this.#last && this.#show(this.#last)).observe(this.#root);
    this.#host.send({ type: "ready" });
  }

  #show(message: PoolHostMessage): void {
    this.#last = message;
    const names = new Set(message.pools.map(({ pool }) => pool.key));
    for (const [name, section] of this.#sections) {
      if (names.has(name)) continue;
      section.root.remove();
      this.#sections.delete(name);
    }
    if (message.pools.length === 0) this.#root.replaceChildren(this.#empty);
    else this.#empty.remove();
    const frame = { now: message.at, windowMillis: message.windowMillis };
    for (const history of message.pools) this.#section(history.pool).update(history, frame);
  }

  #section({ key, name }: PoolView): PoolSection {
    const existing = this.#sections.get(key);
    if (existing !== undefined) return existing;
    const send = (type: "reveal" | "cancel" | "release") => (slotId: string) =>
      this.#host.send({ type, pool: key, slotId });
    const section = new PoolSection(name, {
      reveal: send("reveal"),
      cancel: send("cancel"),
      release: send("release"),
    });
    this.#sections.set(key, section);
    this.#root.append(section.root);
    return section;
  }
}
