export { default } from "@rockpool/vitest";
