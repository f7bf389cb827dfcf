export type EditorErrorCode =
  | "EDITOR_PLATFORM"
  | "EDITOR_INSTALL"
  | "EDITOR_DISK_FULL"
  | "EDITOR_PORT_IN_USE"
  | "EDITOR_START"
  | "EDITOR_BROWSER";

/** Why there is no editor, in words that a user can act on. */
export class EditorError extends Error {
  readonly code: EditorErrorCode;

  constructor(code: EditorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EditorError";
    this.code = code;
  }
}
