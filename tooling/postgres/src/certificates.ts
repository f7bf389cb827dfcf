import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_MILLIS = 3_600_000;
const VALID_HOURS = 48;

/** A certificate and its private key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** DNS names and IP addresses that a server's certificate is for; none for a client's. */
  readonly names?: readonly x509.JsonGeneralName[];
}

/** Issues short-lived certificates for tests, all signed by one authority of its own. */
export class CertificateAuthority {
  /** What a client must trust, as PEM. */
  readonly certificate: string;
  readonly #root: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;
  #issued = 1;

  private constructor(root: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.certificate = `${root.toString("pem")}\n`;
    this.#root = root;
    this.#key = key;
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned(
      {
        ...validity(),
        serialNumber: "01",
        name: "CN=Rockpool test authority",
        keys,
        signingAlgorithm: KEY_ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      },
      webcrypto,
    );
    return new CertificateAuthority(root, keys.privateKey);
  }

  async issue({ commonName, names = [] }: CertificateRequest): Promise<Certificate> {
    const keys = await generateKeys();
    this.#issued += 1;
    const certificate = await x509.X509CertificateGenerator.create(
      {
        ...validity(),
        serialNumber: this.#issued.toString(16).padStart(2, "0"),
        subject: [{ CN: [commonName] }],
        issuer: this.#root.subject,
        publicKey: keys.publicKey,
        signingKey: this.#key,
        signingAlgorithm: KEY_ALGORITHM,
        extensions: await extensions(this.#root, names),
      },
      webcrypto,
    );
    return { certificate: `${certificate.toString("pem")}\n`, privateKey: await exportKey(keys.privateKey) };
  }
}

async function extensions(
  root: x509.X509Certificate,
  names: readonly x509.JsonGeneralName[],
): Promise<x509.Extension[]> {
  const usage = names.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.AuthorityKeyIdentifierExtension.create(root, false, webcrypto),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension([...names])] : []),
  ];
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - HOUR_MILLIS), notAfter: new Date(now + VALID_HOURS * HOUR_MILLIS) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(bytes, "PRIVATE KEY")}\n`;
}
