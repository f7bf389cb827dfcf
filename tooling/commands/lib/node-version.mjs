import { CommandFailure } from "./failure.mjs";

const OLDEST = { major: 20, minor: 19 };

/**
 * Ends the command where Node.js is too old to run what follows.
 *
 * @param {string} version - as in `process.versions.node`
 */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new CommandFailure(
    `Node.js ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed.`,
    {
      remedy: "Install a current Node.js (24 is a good choice) and run the command again.",
    },
  );
}
