import type { PoolHostMessage, PoolUpdate, PoolView, PoolViewMessage } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { Host } from "../shared/vscode-api.ts";
import { FrameLoop } from "./frame-loop.ts";
import { LaneStore } from "./lane-store.ts";
import { poolName } from "./origin-chip.ts";
import { listenForPageKeys } from "./page-keys.ts";
import { PoolPane } from "./pool-pane.ts";
import { Scrubber } from "./scrubber.ts";
import { CellStore } from "./series-store.ts";
import { Toolbar } from "./toolbar.ts";
import { Viewport } from "./viewport.ts";

/** What survives while the page is hidden. */
interface State {
  /** The key of the pool that was chosen; null for all, and missing where none was. */
  readonly pool?: string | null;
  readonly isTable: boolean;
  readonly rangeMillis: number;
}

/** The Pool Dashboard: keeps what the host tells, and draws it. */
export class PoolApp {
  readonly #host = new Host<PoolViewMessage, PoolHostMessage, State>();
  readonly #root: HTMLElement;
  readonly #store = new LaneStore();
  readonly #cells = new Map<string, CellStore>();
  readonly #viewport: Viewport;
  readonly #toolbar: Toolbar;
  readonly #scrubber: Scrubber;
  readonly #panes = new Map<string, PoolPane>();
  readonly #loop: FrameLoop;
  readonly #body = element("div", { className: "panes" });
  #pools: readonly PoolView[] = [];
  /** Null for all. */
  #chosen: string | null = null;
  #hasChosen = false;
  #lively: string | null = null;
  #isTable = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#viewport = new Viewport(() => this.#moved());
    this.#loop = new FrameLoop(this.#viewport, () => this.#draw());
    this.#toolbar = new Toolbar(this.#viewport, {
      choose: (pool) => this.#choose(pool),
      follow: (range) => {
        this.#viewport.follow(range);
        this.#remember();
      },
      table: (isTable) => this.#showAsTable(isTable),
      export: (format) => this.#export(format),
    });
    this.#scrubber = new Scrubber(this.#viewport);
    this.#restore(this.#host.state);
  }

  start(): void {
    this.#root.className = "dashboard";
    this.#host.onMessage((message) => this.#receive(message));
    new ResizeObserver(() => this.#loop.request()).observe(this.#root);
    new MutationObserver(() => this.#themeChanged()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["style", "class"],
    });
    new MutationObserver(() => this.#themeChanged()).observe(document.body, {
      attributes: true,
      attributeFilter: ["class"],
    });
    listenForPageKeys(this.#viewport);
    this.#host.send({ type: "ready" });
  }

  #restore(state: State | null): void {
    if (state === null) return;
    if (state.pool !== undefined) {
      this.#chosen = state.pool;
      this.#hasChosen = true;
    }
    this.#isTable = state.isTable;
    this.#toolbar.showTable(state.isTable);
    this.#viewport.follow(state.rangeMillis);
  }

  #remember(): void {
    const pool = this.#hasChosen ? { pool: this.#chosen } : {};
    this.#host.state = { ...pool, isTable: this.#isTable, rangeMillis: this.#viewport.followedRange };
  }

  #receive(message: PoolHostMessage): void {
    if (message.type === "update") this.#update(message);
    else if (message.type === "select") this.#choose(message.pool);
    else for (const pane of this.#panes.values()) pane.trace(message);
  }

  #update(update: PoolUpdate): void {
    if (update.isWhole) {
      this.#store.clear();
      this.#cells.clear();
    }
    this.#viewport.sync(update.at, update.historyMillis);
    this.#store.add(update.lanes);
    this.#store.hold(update.held);
    for (const series of update.series) this.#cellsOf(series.pool).add(series);
    const oldest = update.at - update.historyMillis;
    this.#store.dropBefore(oldest);
    for (const cells of this.#cells.values()) cells.dropBefore(oldest);
    this.#pools = update.pools;
    this.#place();
    this.#refresh();
  }

  #cellsOf(pool: string): CellStore {
    const known = this.#cells.get(pool) ?? new CellStore();
    this.#cells.set(pool, known);
    return known;
  }

  /** One pane for the pool that is chosen, or one for each. */
  #place(): void {
    const chosen = this.#shownPools();
    this.#toolbar.update(this.#pools, this.#chosenKey());
    for (const [key, pane] of this.#panes) {
      if (chosen.some((pool) => pool.key === key)) continue;
      pane.root.remove();
      this.#panes.delete(key);
    }
    for (const pool of chosen) {
      const pane = this.#panes.get(pool.key);
      if (pane === undefined) this.#open(pool);
      else pane.update(pool);
    }
    this.#root.classList.toggle("several", chosen.length > 1);
    if (this.#pools.length === 0) this.#root.replaceChildren(this.#empty());
    else if (!this.#body.isConnected)
      this.#root.replaceChildren(this.#toolbar.root, this.#body, this.#scrubber.root);
  }

  #open(pool: PoolView): void {
    const pane = new PoolPane(pool, {
      viewport: this.#viewport,
      store: this.#store,
      cells: (key) => this.#cellsOf(key),
      actions: {
        act: (action, slotId) => this.#host.send({ type: "slot", action, pool: pool.key, slotId }),
        open: (place) => this.#host.send({ type: "open", pool: pool.key, place }),
        details: (lane, acquired) => this.#host.send({ type: "details", lane, acquired }),
      },
      onDirty: () => this.#loop.request(),
    });
    pane.showAsTable(this.#isTable);
    this.#panes.set(pool.key, pane);
    this.#body.append(pane.root);
  }

  #shownPools(): readonly PoolView[] {
    const key = this.#chosenKey();
    return key === null ? this.#pools : this.#pools.filter((pool) => pool.key === key);
  }

  /** A choice holds while its pool is there. */
  #chosenKey(): string | null {
    if (this.#hasChosen && this.#chosen === null)
      return this.#pools.length > 1 ? null : (this.#pools[0]?.key ?? null);
    const isThere = this.#pools.some(({ key }) => key === this.#chosen);
    return isThere ? this.#chosen : this.#unchosenKey();
  }

  /** Without a choice: the first pool in which something was going on when it was looked for, and until there is one the first of all. */
  #unchosenKey(): string | null {
    if (!this.#pools.some(({ key }) => key === this.#lively)) {
      this.#lively = this.#pools.find(({ used, waiting }) => (used ?? 0) + (waiting ?? 0) > 0)?.key ?? null;
    }
    return this.#lively ?? this.#pools[0]?.key ?? null;
  }

  #choose(pool: string | null): void {
    this.#chosen = pool;
    this.#hasChosen = true;
    this.#remember();
    this.#place();
    this.#refresh();
  }

  #showAsTable(isTable: boolean): void {
    this.#isTable = isTable;
    this.#remember();
    for (const pane of this.#panes.values()) pane.showAsTable(isTable);
    this.#loop.request();
  }

  #export(format: "json" | "html"): void {
    const { from, to } = this.#viewport.span;
    const pools = this.#shownPools().map(({ key }) => key);
    this.#host.send({ type: "export", format, pools, from, to });
  }

  /** Words follow with the next message of the host. */
  #moved(): void {
    this.#toolbar.refresh();
    for (const pane of this.#panes.values()) pane.refreshLanes();
    this.#loop.request();
  }

  #refresh(): void {
    this.#toolbar.refresh();
    for (const pane of this.#panes.values()) pane.refresh();
    this.#loop.request();
  }

  #draw(): void {
    for (const pane of this.#panes.values()) pane.draw();
    const shown = this.#shownPools();
    const [first] = shown;
    const isOne = first !== undefined && shown.length === 1;
    const name = isOne ? poolName(first) : l10n.t("{0} pools", shown.length);
    this.#scrubber.draw(
      name,
      shown.map(({ key }) => this.#cellsOf(key)),
    );
  }

  #themeChanged(): void {
    for (const pane of this.#panes.values()) pane.forgetPalette();
    this.#loop.request();
  }

  #empty(): HTMLElement {
    return element(
      "div",
      { className: "empty" },
      element("h2", { text: l10n.t("No pool to show") }),
      element("p", {
        text: l10n.t(
          "A connected database shows its pool here: every connection as a lane, who holds it, what it runs, and who waits.",
        ),
      }),
      element(
        "p",
        {},
        linkButton(l10n.t("Connect to a database"), () =>
          this.#host.send({ type: "command", command: "connect" }),
        ),
        " · ",
        linkButton(l10n.t("Listen for the pools of your program"), () =>
          this.#host.send({ type: "command", command: "receive" }),
        ),
      ),
    );
  }
}
