import base from "@rockpool/vitest";

/** Measurements in a real workbench: they print numbers, and are no part of the tests. */
export default {
  ...base,
  test: { ...base.test, include: ["test/perf/**/*.perf.ts"], reporters: ["default"] },
};
