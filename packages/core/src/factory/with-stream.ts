import type { ConnectionFactory, StreamOpener } from "./connection-factory.ts";

/**
 * Makes a factory whose connections travel over streams of the caller's, such as channels of an SSH tunnel or of a cloud connector.
 *
 * The factory's `sslmode` holds over them: TLS is laid over the stream and checked against the configured host. Cancel requests
 * open a stream of their own. Names are not looked up.
 *
 * @example
 * const factory = withStream(createConnectionFactory(url), ({ host, port }, { signal }) => tunnel.open(host, port, signal));
 */
export function withStream(factory: ConnectionFactory, stream: StreamOpener): ConnectionFactory {
  return {
    target: factory.target,
    connect: (options) => factory.connect({ ...options, stream }),
  };
}
