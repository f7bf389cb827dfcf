import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** What a request carries. */
export type Signal = "traces" | "metrics" | "logs";

/** How a request's body is written. */
export type Encoding = "protobuf" | "json";

/** A request that may be read. */
export interface AcceptedRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
}

const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  ["/v1/traces", "traces"],
  ["/v1/metrics", "metrics"],
  ["/v1/logs", "logs"],
]);

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["application/x-protobuf", "protobuf"],
  ["application/json", "json"],
]);

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const LOOPBACK_ADDRESS = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Checks all that can be known before the body is read.
 *
 * A loopback port is open to every web page in a browser of this machine: a page that resolves its own name to 127.0.0.1 sends
 * that name as `Host`, and any page that posts here says so by `Origin`. No exporter outside a browser sends the one or the other.
 *
 * @throws {HttpError} The request is refused.
 */
export function acceptRequest(request: IncomingMessage): AcceptedRequest {
  if (!LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? "")) {
    throw new HttpError(403, "only programs on this machine may send here");
  }
  if (!LOOPBACK_HOST.test(request.headers.host ?? "")) {
    throw new HttpError(403, "the Host header must name localhost, 127.0.0.1 or [::1]");
  }
  if (request.headers.origin !== undefined) throw new HttpError(403, "web pages may not send here");
  return { signal: signalOf(request), encoding: encodingOf(request) };
}

function signalOf(request: IncomingMessage): Signal {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  const signal = SIGNALS.get(path);
  if (signal === undefined)
    throw new HttpError(404, "no such path: send to /v1/traces, /v1/metrics or /v1/logs");
  if (request.method !== "POST") throw new HttpError(405, "send with POST", { allow: "POST" });
  return signal;
}

function encodingOf(request: IncomingMessage): Encoding {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const encoding = ENCODINGS.get(type);
  if (encoding !== undefined) return encoding;
  throw new HttpError(415, "the content type must be application/x-protobuf or application/json");
}
