import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isPoolError } from "@rockpool/core";
import type { Meter } from "../meter/meter.ts";
import { RefusedError } from "./basket.ts";
import { inRequestSpan } from "./request-span.ts";
import type { Route } from "./routes.ts";

const MOST_BODY_BYTES = 65_536;

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP server over the routes. A client that goes away ends what was done for it, on the server too. */
export function createService(routes: readonly Route[], meter: Meter): Server {
  return createServer((request, response) => {
    void respond(routes, request, response).then((answer) => {
      if (answer.status >= 500) meter.countError();
      if (!response.destroyed) send(response, answer);
    });
  });
}

async function respond(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new ClientGoneError()));
  const url = urlOf(request);
  if (url === null) return { status: 400, body: { error: "bad request" } };
  const matching = routes.filter(({ pattern }) => pattern.test(url.pathname));
  const route = matching.find(({ method }) => method === request.method);
  if (route === undefined) return refuseMethod(matching);
  return inRequestSpan(route, url, async () => {
    try {
      const body = await route.answer({
        parameters: { ...route.pattern.exec(url.pathname)?.groups },
        query: url.searchParams,
        body: await bodyOf(request),
        signal: gone.signal,
      });
      return { status: route.status ?? 200, body };
    } catch (error) {
      return answerOf(error);
    }
  });
}

function urlOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? "/", "http://localhost");
  } catch {
    return null;
  }
}

class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

function refuseMethod(matching: readonly Route[]): Answer {
  if (matching.length === 0) return { status: 404, body: { error: "not found" } };
  const allow = matching.map(({ method }) => method).join(", ");
  return { status: 405, body: { error: `use ${allow}` }, headers: { allow } };
}

/** An error's own words may quote data of the shop, so a client reads them only where they were made for it. */
function answerOf(error: unknown): Answer {
  if (error instanceof RefusedError) return { status: error.status, body: { error: error.message } };
  if (error instanceof ClientGoneError) return { status: 499, body: null };
  if (isPoolError(error))
    return { status: 503, body: { error: error.code }, headers: { "retry-after": "1" } };
  return { status: 500, body: { error: "internal error" } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new RefusedError("the body is too large", 413);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}
