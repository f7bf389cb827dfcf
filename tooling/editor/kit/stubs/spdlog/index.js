// Stands in for a native module without a prebuilt binary: the same interface, without rotation.
const fs = require("node:fs");
const path = require("node:path");

const LEVELS = ["trace", "debug", "info", "warning", "error", "critical", "off"];
const FLUSH_MILLIS = 200;
let initialLevel = 2;

class Logger {
  constructor(name, filename) {
    this.name = name;
    this.filename = filename;
    this.level = initialLevel;
    this.isPlain = false;
    this.buffer = "";
    this.timer = undefined;
  }

  write(level, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    this.buffer += this.isPlain ? message : `${time} [${LEVELS[level]}] ${message}\n`;
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MILLIS).unref();
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
    this.flush();
  }
  critical(message) {
    this.write(5, message);
    this.flush();
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.isPlain = true;
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.buffer || !this.filename) return;
    const text = this.buffer;
    this.buffer = "";
    try {
      fs.appendFileSync(this.filename, text);
    } catch {
      // The folder of the logs has been removed already.
    }
  }

  drop() {
    this.flush();
    open.delete(this);
  }
}

const open = new Set();
process.on("exit", () => {
  for (const logger of open) logger.flush();
});

async function createLogger(name, filename) {
  fs.mkdirSync(path.dirname(filename), { recursive: true });
  const logger = new Logger(name, filename);
  open.add(logger);
  return logger;
}

exports.version = 1;
exports.Logger = Logger;
exports.setLevel = (level) => {
  initialLevel = level;
};
exports.setFlushOn = () => {};
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
