/**
 * The code blocks of the documents as programs, for Node and Bun as JavaScript next to the
 * installed package.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT_URL } from "../project.ts";
import { bundlePrograms } from "./bundle.ts";
import { cached } from "../cache.ts";

/** A code block that is a whole program. */
export interface Snippet {
  /** The heading above it, and its number below that. */
  readonly name: string;
  /** Its code. */
  readonly code: string;
}

/** Snippets as files, named by their index in the list: `0.ts` or `0.js`. */
export interface SnippetFiles {
  /** The folder of TypeScript. */
  readonly sources: URL;
  /** The folder of JavaScript. */
  readonly bundle: URL;
}

/** Lists the TypeScript blocks of a document, except those that are marked `ignore`. */
export function listSnippets(markdown: string): Snippet[] {
  const found: Snippet[] = [];
  const counts = new Map<string, number>();
  const parts = markdown.matchAll(/^#+ (.+)$|^```ts\n([^]*?)^```$/gm);
  let heading = "";
  for (const [, title, code] of parts) {
    if (title !== undefined) heading = title;
    if (code === undefined) continue;
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    found.push({ name: `${heading}, ${count}`, code });
  }
  return found;
}

/** Writes snippets as files. */
export async function writeSnippets(
  snippets: readonly Snippet[],
): Promise<SnippetFiles> {
  const codes = snippets.map(({ code }) => code);
  const sources = await cached(
    "conformance/snippet-sources",
    codes,
    async (folder) => {
      for (const [index, code] of codes.entries()) {
        await Deno.writeTextFile(new URL(`${index}.ts`, folder), code);
      }
    },
  );
  const path = fileURLToPath(sources).slice(fileURLToPath(ROOT_URL).length);
  const bundle = await bundlePrograms(
    "snippets",
    codes.map((_, index) => `${path}${index}.ts`),
  );
  return { sources, bundle };
}
