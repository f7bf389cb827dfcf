import { chooseOf, invalidValue, optionalText } from "./choice.ts";
import type { Keyword } from "./keywords.ts";
import type { ResolvedValues } from "./resolved-values.ts";

/** How much TLS protects a connection; the meaning of each is that of libpq. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** The versions of TLS that a bound may name. */
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** Everything that shapes TLS. Files are read at each connect, as libpq does, so that a renewed certificate is seen. */
export interface TlsSettings {
  readonly mode: SslMode;
  /** Whether TLS starts at once instead of after a request. */
  readonly isDirect: boolean;
  readonly sendsCertificate: boolean;
  readonly sendsServerName: boolean;
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
  readonly keyPassword: string | null;
  /** A file, or `system` for the roots that the system trusts. */
  readonly rootCertificate: string | null;
  readonly revocationFile: string | null;
  readonly revocationDirectory: string | null;
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
  /** A file that session secrets are appended to, for decoding captured traffic. */
  readonly keyLogFile: string | null;
}

const sslModes: readonly SslMode[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const versions: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const strictModes: readonly SslMode[] = ["require", "verify-ca", "verify-full"];

/** Reads and checks the parameters of TLS. */
export function parseTlsSettings(values: ResolvedValues): TlsSettings {
  const mode = chooseOf(values, "sslmode", sslModes);
  const isDirect = chooseOf(values, "sslnegotiation", ["postgres", "direct"]) === "direct";
  const rootCertificate = optionalText(values, "sslrootcert");
  if (isDirect && !strictModes.includes(mode)) {
    throw invalidValue(values, "sslmode", `must be ${strictModes.join(", ")} with sslnegotiation=direct`);
  }
  if (rootCertificate === "system" && mode !== "verify-full") {
    throw invalidValue(values, "sslmode", "must be verify-full with sslrootcert=system");
  }
  return {
    mode,
    isDirect,
    sendsCertificate: sendsCertificate(values),
    sendsServerName: values.get("sslsni")?.value.startsWith("1") ?? true,
    certificateFile: optionalText(values, "sslcert"),
    keyFile: optionalText(values, "sslkey"),
    keyPassword: optionalText(values, "sslpassword"),
    rootCertificate,
    revocationFile: optionalText(values, "sslcrl"),
    revocationDirectory: optionalText(values, "sslcrldir"),
    ...versionRange(values),
    keyLogFile: optionalText(values, "sslkeylogfile"),
  };
}

function sendsCertificate(values: ResolvedValues): boolean {
  const mode = chooseOf(values, "sslcertmode", ["disable", "allow", "require"]);
  if (mode === "require") {
    throw invalidValue(
      values,
      "sslcertmode",
      "must be disable or allow, since Node.js does not tell whether the server asked for a certificate",
    );
  }
  return mode === "allow";
}

function versionRange(values: ResolvedValues): Pick<TlsSettings, "minVersion" | "maxVersion"> {
  const minVersion = versionOf(values, "ssl_min_protocol_version");
  const maxVersion = versionOf(values, "ssl_max_protocol_version");
  if (
    minVersion !== null &&
    maxVersion !== null &&
    versions.indexOf(minVersion) > versions.indexOf(maxVersion)
  ) {
    throw invalidValue(values, "ssl_max_protocol_version", `must not be below ${minVersion}`);
  }
  return { minVersion, maxVersion };
}

function versionOf(values: ResolvedValues, keyword: Keyword): TlsVersion | null {
  const text = optionalText(values, keyword);
  if (text === null) return null;
  const version = versions.find((known) => known.toLowerCase() === text.toLowerCase());
  if (version === undefined) throw invalidValue(values, keyword, `must be one of ${versions.join(", ")}`);
  return version;
}
