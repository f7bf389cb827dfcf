import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CertificateAuthority } from "./certificates.ts";
import type { Settings } from "./postgres-server.ts";

/** The paths of a client's certificate and private key. */
export interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A server's certificates: its authority, and what that issued. */
export interface ServerTls {
  readonly caFile: string;
  readonly settings: Settings;
  /** Content by name, for the data directory. */
  readonly files: Readonly<Record<string, string>>;
  issueClientCertificate(user: string): Promise<ClientCertificate>;
}

/** Makes an authority and a certificate for `localhost`, `127.0.0.1` and `::1`; files for clients go to `folder`. */
export async function makeServerTls(folder: string): Promise<ServerTls> {
  const authority = await CertificateAuthority.create();
  const server = await authority.issue({
    commonName: "localhost",
    names: [
      { type: "dns", value: "localhost" },
      { type: "ip", value: "127.0.0.1" },
      { type: "ip", value: "::1" },
    ],
  });
  const caFile = join(folder, "ca.crt");
  writeFileSync(caFile, authority.certificate);
  return {
    caFile,
    settings: { ssl: true, ssl_ca_file: "ca.crt" },
    files: {
      "ca.crt": authority.certificate,
      "server.crt": server.certificate,
      "server.key": server.privateKey,
    },
    issueClientCertificate: (user) => issueClientCertificate({ authority, folder, user }),
  };
}

async function issueClientCertificate({
  authority,
  folder,
  user,
}: {
  authority: CertificateAuthority;
  folder: string;
  user: string;
}): Promise<ClientCertificate> {
  const { certificate, privateKey } = await authority.issue({ commonName: user });
  const certFile = join(folder, `client-${user}.crt`);
  const keyFile = join(folder, `client-${user}.key`);
  writeFileSync(certFile, certificate);
  // libpq refuses a key that others can read.
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  return { certFile, keyFile };
}
