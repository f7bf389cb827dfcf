import type { PoolOriginView, PoolView } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

/** Whose pool it is, and where its connections go. */
export class OriginChip {
  readonly root: HTMLElement = element("p", { className: "origin" });
  readonly #owner = element("span", { className: "owner" });
  readonly #target = element("span", { className: "target" });

  constructor() {
    this.root.append(this.#owner, this.#target);
  }

  update({ origin, target }: PoolView, now: number): void {
    const owner = ownerText(origin, now);
    if (this.#owner.textContent !== owner) this.#owner.textContent = owner;
    this.#owner.classList.toggle("program", origin.kind === "program");
    if (this.#target.textContent !== (target ?? "")) this.#target.textContent = target ?? "";
    this.root.title = target ?? "";
  }
}

/** What a pool is called; a program may have left its name empty. */
export function poolName({ name }: PoolView): string {
  return name === "" ? l10n.t("unnamed pool") : name;
}

/** `this editor`, or the program with its process, and since when it has been silent. */
export function ownerText(origin: PoolOriginView, now: number): string {
  if (origin.kind === "own") return l10n.t("this editor");
  const name = origin.serviceName ?? l10n.t("a program");
  const process = origin.process === null ? "" : ` · pid ${origin.process.replace(/@.*$/, "")}`;
  if (!origin.isStale) return `${name}${process}`;
  const silent = Math.max(0, now - origin.lastSeenUnixMillis);
  const time = formatDuration(Math.round(silent / 1_000) * 1_000);
  return `${name}${process} · ${l10n.t("silent for {0}", time)}`;
}
