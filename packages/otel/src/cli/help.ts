/** What `--help` prints. */
export const HELP: string = `Usage: npx @rockpool/otel timeline [FILE...] [options]

Draws one lane for each database connection: who opened it, each use of it, why it closed.

Reads OTLP JSON lines (one export request a line, as the collector's file exporter writes them), packed
by gzip or not, from the files, or from standard input where there is none or it is "-". With --listen
it receives spans itself instead, until Ctrl-C or --seconds.

Options:
  --listen [PORT]     Receive OTLP over HTTP on the loopback address; the port is 4318, 0 takes a free one.
  --seconds N         With --listen: end after N seconds.
  --html FILE.html    Write the timeline as a page of one file.
  --trace-url URL     In the page: link each trace to your backend, {traceId} stands for the id,
                      such as "http://localhost:16686/trace/{traceId}".
  --json              Print the timeline as JSON instead of drawing it.
  --ascii             Draw with ASCII characters only.
  --width N           Draw N characters wide, at least 30. Default: the terminal's width, else 100.
  --help              Print this.
  --version           Print the version.

Colours are used on a terminal, unless NO_COLOR is set.

Examples:
  npx @rockpool/otel timeline spans.jsonl --html timeline.html
  npx @rockpool/otel timeline --listen --seconds 30
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --import @rockpool/otel/register app.js
`;
