import { describe, expect, it } from "vitest";
import { liftsReadOnly } from "../../../src/model/safety/read-only-lift.ts";

describe("a statement that would make a read-only session writable is told by its words", () => {
  it.each([
    "set transaction read write",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ /* x */ WRITE",
    "begin read write",
    "start transaction isolation level serializable, read write;",
    "set default_transaction_read_only = off",
    "set local transaction_read_only to false",
    'set "default_transaction_read_only" = 0',
    "reset default_transaction_read_only",
    "set default_transaction_read_only to default",
    "alter role me set default_transaction_read_only = off",
    "select set_config('default_transaction_read_only', 'off', false)",
    "do $$ begin commit; set transaction read write; end $$",
    "do $$ begin perform set_config('transaction_read_only', 'off', true); end $$",
  ])("%s", (text) => expect(liftsReadOnly(text)).toBe(true));

  it.each([
    "select 'read write'",
    "begin",
    "begin read only",
    "set default_transaction_read_only = on;",
    "show default_transaction_read_only",
    "select current_setting('transaction_read_only')",
    "select set_config('work_mem', '1MB', false)",
    "do $$ begin perform 1; end $$",
    "select read, write from t",
  ])("but not: %s", (text) => expect(liftsReadOnly(text)).toBe(false));
});
