type Child = Node | string | null;

interface Options {
  readonly className?: string;
  readonly text?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Makes an element. Text goes in as text, so no value can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: Options = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.className !== undefined) made.className = options.className;
  if (options.text !== undefined) made.textContent = options.text;
  if (options.title !== undefined) made.title = options.title;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  const { onClick } = options;
  if (onClick !== undefined) made.addEventListener("click", () => onClick());
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button that looks like a link. */
export function linkButton(text: string, onClick: () => void, title?: string): HTMLButtonElement {
  const attributes = { type: "button" };
  return element("button", { className: "link", text, attributes, onClick, ...(title ? { title } : {}) });
}

const SVG = "http://www.w3.org/2000/svg";

/** A 16 px icon from path data, in the colour of the text. */
export function icon(path: string, className = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  check: "M6.3 11.6 2.9 8.2l.9-.9 2.5 2.5 5.9-5.9.9.9z",
  error:
    "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm2.3 3.5L8 7.3 5.7 5 5 5.7 7.3 8 5 10.3l.7.7L8 8.7l2.3 2.3.7-.7L8.7 8 11 5.7z",
  stop: "M4 4h8v8H4z",
  dash: "M4 7.5h8v1H4z",
  clock:
    "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8.5 4v4l2.6 1.6-.5.8L7.5 8.5V4z",
  dot: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  copy: "M5 2h7l1 1v8h-1V3H5zM3 4h7l1 1v9l-1 1H3l-1-1V5zm0 1v9h7V5z",
  close: "M8 7.3 11.6 3.7l.7.7L8.7 8l3.6 3.6-.7.7L8 8.7l-3.6 3.6-.7-.7L7.3 8 3.7 4.4l.7-.7z",
  info: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.4 7h1.2v4.5H7.4zm0-2.4h1.2v1.3H7.4z",
  warning: "M8 1.8 15 14H1zm0 2L2.7 13h10.6zM7.4 7h1.2v3.2H7.4zm0 4h1.2v1.2H7.4z",
} as const;
