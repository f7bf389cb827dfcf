/** Tells the operator, once a process for each code, of something that silently costs telemetry. */
export function warnOnce(code: string, message: string): void {
  if (given.has(code)) return;
  given.add(code);
  process.emitWarning(message, { type: "RockpoolTelemetryWarning", code });
}

const given = new Set<string>();
