// The licences of the packages that a bundle contains, which their terms ask to be passed on.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The folder of the package that a bundled file belongs to; null for a file of this workspace. */
function packageFolder(file) {
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match === null ? null : match[1];
}

function licenceOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? null : readFileSync(join(folder, file), "utf8").trim();
}

/** One notice for each package whose code is in the bundles that esbuild described. */
export function thirdPartyNotices(root, metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const file of Object.keys(inputs)) {
      const folder = packageFolder(resolve(root, file));
      if (folder !== null && existsSync(join(folder, "package.json"))) folders.add(folder);
    }
  }
  const notices = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${licenceOf(folder) ?? `Licence: ${license}`}\n`;
  });
  return [...new Set(notices)].sort().join(`\n${"-".repeat(80)}\n\n`);
}
