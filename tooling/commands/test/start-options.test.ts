import { expect, test } from "vitest";
import { CommandFailure } from "../lib/failure.mjs";
import { parseStartOptions, START_HELP } from "../lib/start-options.mjs";

test("without flags everything is started on free ports until it is interrupted", () => {
  expect(parseStartOptions([], {})).toEqual({
    help: false,
    editor: true,
    json: false,
    seconds: null,
    port: 0,
    editorPort: 0,
    max: 10,
    rate: 40,
    databaseUrl: null,
  });
});

test("without the editor beside it, the load is heavier", () => {
  expect(parseStartOptions(["--no-editor"], {}).rate).toBe(150);
});

test("every flag and DATABASE_URL are read", () => {
  const args = "--no-editor --seconds 20 --json --port 8080 --editor-port 8081 --max 4 --rate 0".split(" ");
  const options = parseStartOptions(args, { DATABASE_URL: "postgresql://localhost/shop" });
  expect(options).toMatchObject({ editor: false, seconds: 20, json: true, port: 8080, editorPort: 8081 });
  expect(options).toMatchObject({ max: 4, rate: 0, databaseUrl: "postgresql://localhost/shop" });
});

test.each([
  [["--editor"], "--editor"],
  [["--seconds"], "--seconds"],
  [["--seconds", "soon"], '--seconds must be a whole number from 1 to 86400, not "soon"'],
  [["--seconds", "0"], "--seconds must be"],
  [["--seconds=-5"], "--seconds must be"],
  [["--port", "65536"], "--port must be a whole number from 0 to 65535"],
  [["--port", "80.5"], "--port must be"],
  [["--max", "0"], "--max must be"],
  [["--json=yes"], "--json"],
  [["now"], "now"],
])("%j is refused with what was wrong and exit code 2", (args, words) => {
  const read = (): unknown => parseStartOptions(args, {});
  expect(read).toThrow(words);
  expect(read).toThrow("See npm start -- --help");
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandFailure);
    expect(error).toHaveProperty("exitCode", 2);
  }
});

test("the help names every flag", () => {
  for (const flag of ["no-editor", "seconds", "json", "port", "editor-port", "max", "rate", "help"]) {
    expect(START_HELP).toContain(`--${flag}`);
  }
});
