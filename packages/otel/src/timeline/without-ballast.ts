import { attributesFrom } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import * as names from "./names.ts";

/** What the timeline reads of a span's attributes. */
const READ: ReadonlySet<string> = new Set(Object.values(names));

/** The span without what no lane shows: above all the text of a query, which can be thousands of characters long. */
export function withoutBallast(span: ReceivedSpan): ReceivedSpan {
  return {
    ...span,
    attributes: attributesFrom(Object.entries(span.attributes).filter(([name]) => READ.has(name))),
    events: span.events.filter((event) => READ.has(event.name)),
    links: [],
  };
}
