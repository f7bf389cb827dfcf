import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as tls from "node:tls";
import { type ConfigContext, userFile } from "../config/context.ts";
import type { TlsSettings } from "../config/tls-settings.ts";
import { ConfigError } from "../errors.ts";

/** What `tls.connect` is given, apart from the stream and the names. */
export interface TlsMaterial extends tls.SecureContextOptions {
  /** Whether the chain must lead to a trusted root. */
  readonly rejectUnauthorized: boolean;
}

/**
 * Reads the files that TLS needs, each time anew: a certificate that was renewed on disk is used from the next connect on.
 *
 * The chain of the server is verified in every mode as soon as a root certificate is there, as libpq does.
 */
export function loadTlsMaterial(settings: TlsSettings, context: ConfigContext): TlsMaterial {
  const roots = loadRoots(settings, context);
  return {
    rejectUnauthorized: roots !== null,
    ...(roots === null ? {} : { ca: roots, ...revocations(settings, context) }),
    ...(settings.sendsCertificate ? clientCertificate(settings, context) : {}),
    ...(settings.minVersion === null ? {} : { minVersion: settings.minVersion }),
    ...(settings.maxVersion === null ? {} : { maxVersion: settings.maxVersion }),
  };
}

function defaultFile(context: ConfigContext, name: string): string | null {
  return userFile(context, { posix: join(".postgresql", name), windows: name });
}

/** The roots to trust; null where there are none and the mode can do without. */
function loadRoots(settings: TlsSettings, context: ConfigContext): string | string[] | null {
  if (settings.rootCertificate === "system") return systemRoots(context);
  const path = settings.rootCertificate ?? defaultFile(context, "root.crt");
  if (path !== null && existsSync(path)) return readText("sslrootcert", path);
  if (settings.mode !== "verify-ca" && settings.mode !== "verify-full") return null;
  throw new ConfigError(
    `sslmode=${settings.mode} needs root certificates and "${path ?? "~/.postgresql/root.crt"}" does not exist; ` +
      "provide the file, trust the roots of the system with sslrootcert=system, or lower sslmode",
    { source: "sslrootcert" },
  );
}

const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The roots of the system where Node.js or a well-known file tells them, else those that Node.js brings. */
function systemRoots(context: ConfigContext): string | string[] {
  const named = context.environment.SSL_CERT_FILE;
  if (named !== undefined && existsSync(named)) return readText("SSL_CERT_FILE", named);
  // Node.js tells them from 22.15 on.
  const ask: unknown = Reflect.get(tls, "getCACertificates");
  const told: unknown = typeof ask === "function" ? ask("system") : null;
  if (Array.isArray(told) && told.length > 0) return told.map(String);
  const bundle = systemBundles.find((path) => existsSync(path));
  return bundle === undefined ? [...tls.rootCertificates] : readText("sslrootcert", bundle);
}

function revocations(settings: TlsSettings, context: ConfigContext): { crl?: string[] } {
  const file = settings.revocationFile ?? defaultFile(context, "root.crl");
  const directory = settings.revocationDirectory;
  const lists: string[] = [];
  if (file !== null && existsSync(file)) lists.push(readText("sslcrl", file));
  if (directory !== null && existsSync(directory)) {
    for (const name of readdirSync(directory)) lists.push(readText("sslcrldir", join(directory, name)));
  }
  return lists.length === 0 ? {} : { crl: lists };
}

/** A certificate that is not there is not sent, even if it is named; the server decides what that means. */
function clientCertificate(settings: TlsSettings, context: ConfigContext): tls.SecureContextOptions {
  const certificate = settings.certificateFile ?? defaultFile(context, "postgresql.crt");
  if (certificate === null || !existsSync(certificate)) return {};
  const key = settings.keyFile ?? defaultFile(context, "postgresql.key");
  if (key === null || !existsSync(key)) {
    throw new ConfigError(
      `the client certificate "${certificate}" is there, but not its private key "${key ?? ""}"; set sslkey`,
      { source: "sslkey" },
    );
  }
  checkKeyPermissions(key);
  return {
    cert: readText("sslcert", certificate),
    key: readText("sslkey", key),
    ...(settings.keyPassword === null ? {} : { passphrase: settings.keyPassword }),
  };
}

/** A key of root may be readable by its group, any other by its owner alone. */
function checkKeyPermissions(path: string): void {
  if (process.platform === "win32") return;
  const status = statSync(path);
  const forbidden = status.uid === 0 ? 0o037 : 0o077;
  if (!status.isFile() || (status.mode & forbidden) !== 0) {
    throw new ConfigError(
      `the private key "${path}" must be a plain file that only its owner can read; chmod it to 0600`,
      { source: "sslkey" },
    );
  }
}

function readText(source: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`"${path}" cannot be read; check the file and its permissions`, { source, cause });
  }
}
