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
  up: "M8 3.5 12.5 8l-.7.7-3.3-3.3V13h-1V5.4L4.2 8.7 3.5 8z",
  down: "M8 12.5 3.5 8l.7-.7 3.3 3.3V3h1v7.6l3.3-3.3.7.7z",
  chevron: "M8 10.6 3.7 6.3l.7-.7L8 9.2l3.6-3.6.7.7z",
  right: "M10.6 8 6.3 12.3l-.7-.7L9.2 8 5.6 4.4l.7-.7z",
  filter: "M1.5 3h13v1.2L9.5 9.4V14l-3-1.6v-3L1.5 4.2zm1.6 1 4.4 4.9v2.9l1 .5V8.9L12.9 4z",
  find: "M6.5 2a4.5 4.5 0 0 1 3.5 7.3l4 4-.7.7-4-4A4.5 4.5 0 1 1 6.5 2zm0 1a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  pin: "M10.1 1.6 14.4 5.9l-.9.9-.7-.1-2.6 2.6.1 2.3-.9.9-2.9-2.9L2.6 13.5l-.7-.1-.1-.7 3.9-3.9-2.9-2.9.9-.9 2.3.1L8.6 2.5l-.1-.7zM9.9 3.4 6.4 6.9l-2-.1 5.5 5.5-.1-2 3.5-3.5z",
  compare:
    "M2 2h5v12H2zm1 1v10h3V3zm6-1h5v12H9zm1 1v10h3V3zM3.7 5h1.6v1H3.7zm0 2.5h1.6v1H3.7zm7 0h1.6v1h-1.6zm0 2.5h1.6v1h-1.6z",
  export: "M7.5 2h1v6.6l2.3-2.3.7.7L8 10.5 4.5 7l.7-.7 2.3 2.3zM2 11h1v2h10v-2h1v3H2z",
  tab: "M2 3h12v10H2zm1 3v6h10V6zm0-2v1h4V4z",
  split: "M2 2h12v12H2zm1 1v10h4.5V3zm5.5 0v10H13V3z",
  blanks: "M5.5 2H13v1h-1.5v11h-1V3h-2v11h-1V8.5H5.5a3.25 3.25 0 0 1 0-6.5z",
  info: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.4 7h1.2v4.5H7.4zm0-2.4h1.2v1.3H7.4z",
  warning: "M8 1.8 15 14H1zm0 2L2.7 13h10.6zM7.4 7h1.2v3.2H7.4zm0 4h1.2v1.2H7.4z",
} as const;
