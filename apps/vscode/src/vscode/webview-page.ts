import { randomBytes } from "node:crypto";
import { env, l10n, Uri, type Webview } from "vscode";

/** The folder that the views' scripts and styles come from; nothing else may be loaded. */
export function webviewRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist", "webviews");
}

/** The page of a view: one script, one style sheet, a policy that allows these two alone, and the texts of the editor's language. */
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
<html lang="${env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="root"></main>
<script id="texts" type="application/json">${textsOfLanguage()}</script>
<script nonce="${nonce}" type="module" src="${script}"></script>
</body>
</html>`;
}

/** As data in a page, where no text can end the element that holds it. */
function textsOfLanguage(): string {
  return JSON.stringify(l10n.bundle ?? {}).replaceAll("<", "\\u003c");
}
