import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder } from "@rockpool/editor";
import { SAMPLE_FOLDER } from "../sample/load-sample.ts";

/** The folder that the editor opens: a copy, so that a user can write in it. It ends with this process, however that ends. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  readonly welcomeFile: string;
}

export async function makeWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "rockpool-shop-"));
  const release = guardFolder(folder);
  const welcomeFile = join(folder, "welcome.sql");
  await cp(join(SAMPLE_FOLDER, "welcome.sql"), welcomeFile);
  return {
    folder,
    welcomeFile,
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
      release();
    },
  };
}
