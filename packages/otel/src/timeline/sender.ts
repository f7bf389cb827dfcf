import { type Attributes, numberOf, textOf } from "../model/attributes.ts";

/** Which process sent something, from its resource. */
export interface Sender {
  /** Equal for two resources of one process, and for no others. */
  readonly key: string;
  readonly serviceName: string | null;
  /** What tells processes of one service apart; null where the resource says nothing. */
  readonly process: string | null;
}

/** One resource stands for all spans of a batch, or of a process. */
const known = new WeakMap<Attributes, Sender>();

/** Reads who sent something. */
export function senderOf(resource: Attributes): Sender {
  const found = known.get(resource) ?? read(resource);
  known.set(resource, found);
  return found;
}

function read(resource: Attributes): Sender {
  const serviceName = textOf(resource, "service.name");
  const process = processOf(resource);
  return {
    key: JSON.stringify([textOf(resource, "service.namespace"), serviceName, process]),
    serviceName,
    process,
  };
}

/** The process id first: it is what a person can look for, and with the host it is as unique as an instance id. */
function processOf(resource: Attributes): string | null {
  const pid = numberOf(resource, "process.pid");
  const host = textOf(resource, "host.name");
  if (pid !== null) return host === null ? String(pid) : `${pid}@${host}`;
  return textOf(resource, "service.instance.id") ?? host;
}
