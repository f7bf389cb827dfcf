/** One export request with a checkout that took the second half of a second. */
export function line(id = "main#1", name = "pool.checkout"): string {
  const attributes = [
    { key: "rockpool.connection.id", value: { stringValue: id } },
    { key: "rockpool.connection.use_count", value: { intValue: "2" } },
    { key: "rockpool.acquire.source", value: { stringValue: "queued" } },
    { key: "rockpool.acquire.wait_time", value: { doubleValue: 0.5 } },
    { key: "db.client.connection.pool.name", value: { stringValue: "main" } },
  ];
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name,
    kind: 1,
    startTimeUnixNano: "1790000000000000000",
    endTimeUnixNano: "1790000001000000000",
    attributes,
  };
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] });
}
