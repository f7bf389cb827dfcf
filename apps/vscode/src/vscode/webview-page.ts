import { randomBytes } from "node:crypto";
import { Uri, type Webview } from "vscode";

/** The folder that the views' scripts and styles come from; nothing else may be loaded. */
export function webviewRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist", "webviews");
}

/** The page of a view: one script, one style sheet, and a policy that allows these two alone. */
export function webviewPage(
  webview: Webview,
  extensionUri: Uri,
  view: { name: string; title: string },
): string {
  const root = webviewRoot(extensionUri);
  const nonce = randomBytes(16).toString("base64url");
  const script = webview.asWebviewUri(Uri.joinPath(root, `${view.name}.js`));
  const style = webview.asWebviewUri(Uri.joinPath(root, `${view.name}.css`));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" type="module" src="${script}"></script>
</body>
</html>`;
}
