import { fileURLToPath } from "node:url";

/** A line of a stack that lies in a file. */
export interface StackFrame {
  /** Null where the function has no name. */
  readonly functionName: string | null;
  readonly path: string;
  readonly line: number;
}

const FRAME = /^\s*at (?:async )?(?:(.+?) \()?((?:file:\/\/)?[^()]+):(\d+):\d+\)?$/;

/** The lines of a JavaScript stack that lie in files, the caller's first. */
export function stackFrames(stack: string): readonly StackFrame[] {
  return stack.split("\n").flatMap((text) => {
    const [, functionName, path, line] = FRAME.exec(text) ?? [];
    if (path === undefined || path.startsWith("node:") || path === "<anonymous>") return [];
    const file = path.startsWith("file://") ? fileURLToPath(path) : path;
    return [{ functionName: functionName ?? null, path: file, line: Number(line) }];
  });
}
