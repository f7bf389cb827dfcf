import type { ServerResponse } from "node:http";
import { create, toBinary } from "@bufbuild/protobuf";
import { ExportServiceResponseSchema, RpcStatusSchema } from "./generated/otlp_pb.ts";
import type { HttpError } from "./http-error.ts";
import type { AcceptedRequest, Encoding, Signal } from "./request-guard.ts";

const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** What JSON calls field 1 of the partial success. */
const REJECTED_NAMES: Readonly<Record<Signal, string>> = {
  traces: "rejectedSpans",
  metrics: "rejectedDataPoints",
  logs: "rejectedLogRecords",
};

/** What was refused of an otherwise accepted request. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** Answers 200 in the request's own encoding; with a partial success where something was rejected. */
export function respondAccepted(
  response: ServerResponse,
  request: AcceptedRequest,
  partial: PartialSuccess | null,
): void {
  response.writeHead(200, { "content-type": CONTENT_TYPES[request.encoding] });
  response.end(request.encoding === "json" ? jsonAnswer(request.signal, partial) : protobufAnswer(partial));
}

/** Answers with a `google.rpc.Status`, as OTLP asks of every failure. */
export function respondRefused(response: ServerResponse, encoding: Encoding, error: HttpError): void {
  const headers = { ...error.headers, "content-type": CONTENT_TYPES[encoding], connection: "close" };
  response.writeHead(error.status, headers);
  const { message } = error;
  response.end(
    encoding === "json"
      ? JSON.stringify({ message })
      : toBinary(RpcStatusSchema, create(RpcStatusSchema, { message })),
  );
}

function jsonAnswer(signal: Signal, partial: PartialSuccess | null): string {
  if (partial === null) return "{}";
  const partialSuccess = {
    [REJECTED_NAMES[signal]]: String(partial.rejected),
    errorMessage: partial.message,
  };
  return JSON.stringify({ partialSuccess });
}

function protobufAnswer(partial: PartialSuccess | null): Uint8Array {
  if (partial === null) return new Uint8Array();
  const partialSuccess = { rejected: BigInt(partial.rejected), errorMessage: partial.message };
  return toBinary(ExportServiceResponseSchema, create(ExportServiceResponseSchema, { partialSuccess }));
}
