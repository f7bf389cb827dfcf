// Stands in for a native module without a prebuilt binary: the extension host ends when its parent is gone.
const POLL_MILLIS = 2000;
let isStarted = false;

exports.start = (pid) => {
  if (isStarted) throw new Error("Can only monitor a single process!");
  isStarted = true;
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, POLL_MILLIS).unref();
};

exports.exit = (code) => process.exit(code || 0);
