// What `npm start` does once everything is built: `node --enable-source-maps launch-playground.mjs FILE.vsix`.
import { launch } from "../../../playground/dist/launch/launch.js";

const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end.abort(new Error(signal)));
const options = {
  editor: true,
  seconds: null,
  json: false,
  port: 0,
  editorPort: 0,
  max: 6,
  rate: 60,
  databaseUrl: null,
};
const result = { isTTY: false, write: () => {} };
await launch(
  { ...options, vsix: process.argv[2] },
  { result, progress: (line) => console.log(line) },
  end.signal,
);
