// Functions that a test sends into a page see its document. The whole DOM library would clash with Node's types in the
// packages under test, so here is what those functions use.

interface PageRectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

interface PageNode {
  readonly textContent: string | null;
  readonly nodeType: number;
  readonly childNodes: Iterable<PageNode>;
  closest(selector: string): PageNode | null;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): PageRectangle;
}

declare const document: {
  querySelector(selector: string): PageNode | null;
  querySelectorAll(selector: string): Iterable<PageNode>;
  createRange(): {
    setStart(node: PageNode, offset: number): void;
    setEnd(node: PageNode, offset: number): void;
    getBoundingClientRect(): PageRectangle;
  };
};

declare function getComputedStyle(
  node: object,
  part?: string,
): {
  readonly content: string;
  readonly borderTopWidth: string;
  readonly borderLeftWidth: string;
  readonly borderLeftColor: string;
  readonly backgroundColor: string;
  readonly backgroundImage: string;
};

/** The accessibility checker, once a test has loaded it into a page. */
declare const axe: {
  run(
    context: typeof document,
    options: { readonly resultTypes: readonly string[] },
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
};
