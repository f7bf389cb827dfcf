export { findChromium, launchBrowser, newContext } from "./browser.ts";
export { EditorError, type EditorErrorCode } from "./editor-error.ts";
export type { EditorServer, WorkbenchUrlOptions } from "./editor-server.ts";
export { type EnsureEditorOptions, ensureEditor } from "./ensure-editor.ts";
export type { HostTestResult } from "./host/runner.ts";
export { type EditorKit, kitCacheFolder } from "./kit.ts";
export { type RunInHostOptions, runInHost } from "./run-in-host.ts";
export { type StartEditorOptions, startEditor } from "./start-editor.ts";
export { goToLine, openFile, openWorkbench, runCommand, webviewFrame } from "./workbench.ts";
