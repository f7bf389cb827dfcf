import type { Duplex } from "node:stream";
import type { CancelKey } from "./cancel-request.ts";

/** What a session uses of a client of the driver; its own types must not show in ours. */
export interface DriverClient {
  query<S extends DriverSubmittable>(submittable: S): S;
  on(event: "error", listener: (error: Error) => void): unknown;
  getTypeParser(type: number, format: "text"): (value: string) => unknown;
}

/** Something that the driver hands its connection to. */
export interface DriverSubmittable {
  submit(connection: { readonly stream: Duplex }): void;
}

/** What a session needs of a connected client of the driver. */
export interface DriverHandover {
  readonly stream: Duplex;
  readonly cancelKey: CancelKey;
}

/**
 * Takes the stream over from a connected client that has nothing under way.
 *
 * The driver hands its connection to whatever has a `submit` method; this one never ends, so the client stays out of the
 * conversation from here on.
 *
 * @see {@link https://node-postgres.com/apis/client#clientquery-queryconfig}
 */
export function takeStream(client: DriverClient, shield: (<T>(call: () => T) => T) | null): DriverHandover {
  let stream: Duplex | null = null;
  const takeover = {
    submit: (connection: { readonly stream: Duplex }) => {
      stream = connection.stream;
    },
    handleError: () => {},
  };
  // The stream tells the session of its end; what the driver makes of it is of no interest, and must not be thrown.
  client.on("error", () => {});
  if (shield === null) client.query(takeover);
  else shield(() => client.query(takeover));
  if (stream === null) throw new Error("bug: a client that is busy was handed to a session");
  return {
    stream,
    cancelKey: { processId: numberOf(client, "processID"), secretKey: numberOf(client, "secretKey") },
  };
}

/** The driver keeps these on the client, outside its documented surface. */
function numberOf(client: DriverClient, name: "processID" | "secretKey"): number {
  const value: unknown = Reflect.get(client, name);
  return typeof value === "number" ? value : 0;
}
