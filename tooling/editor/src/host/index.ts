export { hostTest, runHostTests } from "./runner.ts";
