import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../src/model/without-secrets.ts";

describe("what is logged", () => {
  it.each([
    [
      "could not parse postgresql://app:s3cret@db/orders?x=y",
      "could not parse postgresql://app:***@db/orders?x=y",
    ],
    ["postgres://app:a@b@db:5432/orders", "postgres://app:***@db:5432/orders"],
    ["host=db password=s3cret user=app", "host=db password=*** user=app"],
    ["password = 'it\\'s secret' dbname=d", "password = *** dbname=d"],
    ['password: "s3cret"', "password: ***"],
    ['{"password":"s3cret","user":"app"}', '{"password":***,"user":"app"}'],
    ["PGPASSWORD=s3cret psql", "PGPASSWORD=*** psql"],
    ["postgresql://db/o?password=s3cret&sslmode=require", "postgresql://db/o?password=***&sslmode=require"],
  ])("holds no password: %s", (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
    expect(withoutSecrets(text)).not.toContain("s3cret");
  });

  it("says everything else as it is", () => {
    const text = 'password authentication failed for user "app" (postgresql://app@db:5432/orders)';
    expect(withoutSecrets(text)).toBe(text);
  });
});
