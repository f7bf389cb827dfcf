import { ConfigError } from "../errors.ts";
import { chooseOf, invalidValue, optionalInteger, optionalText } from "./choice.ts";
import { type ConfiguredHost, resolveHosts } from "./hosts.ts";
import type { Keyword } from "./keywords.ts";
import { type AuthRequirement, parseRequireAuth } from "./require-auth.ts";
import type { ResolvedValues } from "./resolved-values.ts";
import { parseTlsSettings, type TlsSettings } from "./tls-settings.ts";

/** Which server of several may be used. */
export type TargetSessionAttrs =
  | "any"
  | "read-write"
  | "read-only"
  | "primary"
  | "standby"
  | "prefer-standby";

/** Whether SCRAM binds to the channel of TLS. */
export type ChannelBinding = "disable" | "prefer" | "require";

/** A configuration, checked and typed. */
export interface ConnectionSettings {
  readonly hosts: readonly ConfiguredHost[];
  readonly user: string;
  readonly database: string;
  /** For each address on its own; null = no limit. */
  readonly connectTimeoutMillis: number | null;
  readonly targetSessionAttrs: TargetSessionAttrs;
  readonly shufflesHosts: boolean;
  readonly tls: TlsSettings;
  readonly channelBinding: ChannelBinding;
  readonly requireAuth: AuthRequirement | null;
  /** The idle time before the first probe, 0 = that of the system; null = no probes. */
  readonly keepAliveMillis: number | null;
}

const targets: readonly TargetSessionAttrs[] = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
];

/** Checks every value that libpq checks before it dials, and gives them their types. */
export function parseSettings(values: ResolvedValues): ConnectionSettings {
  checkUnsupported(values);
  checkProtocolVersions(values);
  const hosts = resolveHosts(values);
  const timeout = optionalInteger(values, "connect_timeout");
  return {
    hosts,
    user: values.get("user")?.value ?? "",
    database: values.get("dbname")?.value ?? "",
    connectTimeoutMillis: timeout !== null && timeout > 0 ? timeout * 1_000 : null,
    targetSessionAttrs: chooseOf(values, "target_session_attrs", targets),
    shufflesHosts: chooseOf(values, "load_balance_hosts", ["disable", "random"]) === "random",
    tls: parseTlsSettings(values),
    channelBinding: chooseOf(values, "channel_binding", ["disable", "prefer", "require"]),
    requireAuth: parseRequireAuth(values),
    keepAliveMillis: keepAliveMillis(values),
  };
}

function keepAliveMillis(values: ResolvedValues): number | null {
  // Node.js sets the idle time alone; the others are checked so that a wrong value does not pass in silence.
  for (const keyword of ["keepalives_interval", "keepalives_count", "tcp_user_timeout"] as const) {
    optionalInteger(values, keyword);
  }
  const idle = optionalInteger(values, "keepalives_idle") ?? 0;
  return optionalInteger(values, "keepalives") === 0 ? null : Math.max(0, idle) * 1_000;
}

/** A parameter that protects something must not be ignored, so those that cannot be honoured are refused. */
const unsupported: readonly (readonly [Keyword, string])[] = [
  ["requirepeer", "Node.js does not tell who listens on a Unix socket; protect the directory instead"],
  ["scram_client_key", "give the password instead"],
  ["scram_server_key", "give the password instead"],
  ["oauth_issuer", "use another authentication method"],
  ["oauth_client_id", "use another authentication method"],
  ["oauth_client_secret", "use another authentication method"],
  ["oauth_scope", "use another authentication method"],
];

function checkUnsupported(values: ResolvedValues): void {
  for (const [keyword, remedy] of unsupported) {
    const given = values.get(keyword);
    if (given === undefined || given.value === "") continue;
    throw new ConfigError(`${keyword} from ${given.source} is not supported: ${remedy}`, {
      source: given.source,
    });
  }
  if (chooseOf(values, "gssencmode", ["disable", "prefer", "require"]) === "require") {
    throw invalidValue(
      values,
      "gssencmode",
      "must be disable or prefer, since there is no GSSAPI; use sslmode",
    );
  }
  const encoding = optionalText(values, "client_encoding");
  if (encoding !== null && !/^(auto|utf-?8|unicode)$/i.test(encoding)) {
    throw invalidValue(
      values,
      "client_encoding",
      "must be UTF8, since text in JavaScript is Unicode; leave it out",
    );
  }
}

function checkProtocolVersions(values: ResolvedValues): void {
  const least = protocolVersion(values, "min_protocol_version");
  const most = protocolVersion(values, "max_protocol_version");
  if (least === "3.0") return;
  if (most === "3.0" && values.has("max_protocol_version")) {
    throw invalidValue(values, "min_protocol_version", "must not be above max_protocol_version");
  }
  throw invalidValue(values, "min_protocol_version", "must be 3.0, the version that the driver speaks");
}

function protocolVersion(values: ResolvedValues, keyword: Keyword): "3.0" | "3.2" {
  if (!values.has(keyword)) return "3.0";
  return chooseOf(values, keyword, ["3.0", "3.2", "latest"]) === "3.0" ? "3.0" : "3.2";
}
