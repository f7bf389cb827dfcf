import { describe, expect, it } from "vitest";
import { matchesPeerName } from "../../src/factory/peer-name.ts";

describe("a certificate is for a host", () => {
  it.each([
    // host, alternative names, common name, whether
    ["db.example.com", "DNS:db.example.com", undefined, true],
    ["DB.Example.com", "DNS:db.example.COM", undefined, true],
    ["db.example.com", "DNS:other.example.com, DNS:db.example.com", undefined, true],
    ["db.example.com", "DNS:*.example.com", undefined, true],
    ["a.db.example.com", "DNS:*.example.com", undefined, false],
    ["example.com", "DNS:*.example.com", undefined, false],
    [".example.com", "DNS:*.example.com", undefined, false],
    ["db.example.com", "DNS:d*.example.com", undefined, false],
    ["db.example.com", "DNS:*", undefined, false],
    // The common name counts only where no alternative name of the host's kind is there.
    ["db.example.com", "", "db.example.com", true],
    ["db.example.com", "", "*.example.com", true],
    ["db.example.com", "DNS:other.example.com", "db.example.com", false],
    ["db.example.com", "IP Address:10.0.0.1", "db.example.com", true],
    ["db.example.com", "", undefined, false],
    // Addresses.
    ["10.0.0.1", "IP Address:10.0.0.1", undefined, true],
    ["10.0.0.1", "DNS:10.0.0.1", undefined, true],
    ["10.0.0.1", "DNS:db.example.com", "10.0.0.1", true],
    ["10.0.0.1", "IP Address:10.0.0.2", "10.0.0.1", false],
    ["10.0.0.1", "DNS:*.0.0.1", undefined, true],
    ["::1", "IP Address:0:0:0:0:0:0:0:1", undefined, true],
    ["fe80::1", "IP Address:FE80:0:0:0:0:0:0:2", undefined, false],
    // A name may not smuggle another one in.
    ["db.example.com", 'DNS:"evil.example, DNS:db.example.com"', undefined, false],
    ["db.example.com", 'DNS:"db.example.com\\u0000.evil.example"', undefined, false],
    ["db.example.com", "URI:DNS:db.example.com", undefined, false],
  ])("%s by %j and the common name %s: %s", (host, subjectaltname, commonName, expected) => {
    const subject = commonName === undefined ? {} : { CN: commonName };
    expect(matchesPeerName(host, { subject, subjectaltname })).toBe(expected);
  });

  it("by the last of several common names", () => {
    const names = { subject: { CN: ["first.example.com", "last.example.com"] } };
    expect(matchesPeerName("last.example.com", names)).toBe(true);
    expect(matchesPeerName("first.example.com", names)).toBe(false);
  });
});
