/** Bundles the page. @module */

import { build, stop } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The files of the page, by their paths. */
export interface PageFiles {
  readonly [path: string]: { readonly type: string; readonly text: string };
}

/** Bundles the page into memory. */
export async function buildPage(): Promise<PageFiles> {
  const folder = new URL("page/", import.meta.url);
  try {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("page.tsx", folder))],
      outdir: fileURLToPath(folder),
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
    });
    const findOutput = (ending: string): string =>
      outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
    return {
      "/": {
        type: "text/html; charset=utf-8",
        text: await readFile(new URL("index.html", folder), "utf8"),
      },
      "/page.js": { type: "text/javascript", text: findOutput(".js") },
      "/page.css": { type: "text/css", text: findOutput(".css") },
    };
  } finally {
    await stop();
  }
}
