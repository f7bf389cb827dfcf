import { expect, it } from "vitest";
import type { Notice } from "../../../src/model/database.ts";
import { addNotice } from "../../../src/model/results/add-notice.ts";

const notice: Notice = { severity: "NOTICE", message: "n", detail: null, hint: null };

it("a statement keeps its first thousand notices, and says once that there were more", () => {
  const notices: Notice[] = [];
  const add = (times: number) => {
    for (let n = 0; n < times; n++) addNotice(notices, notice, (limit) => `only ${limit}`);
  };
  add(1_000);
  expect(notices).toEqual(Array.from({ length: 1_000 }, () => notice));
  add(500);
  expect(notices).toHaveLength(1_001);
  expect(notices.at(-1)).toMatchObject({ severity: "INFO", message: "only 1000" });
});
