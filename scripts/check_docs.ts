/**
 * Checks the part of the JSR score that the repository decides and `deno doc --lint`
 * does not see. The rest is set on JSR (description, runtimes), by the publish
 * workflow (provenance), or checked by `deno publish --dry-run` (no slow types).
 *
 * @module
 */

import { readSurface } from "./npm/surface.ts";
import { say } from "./print.ts";
import { readProjectFile, ROOT_URL } from "./project.ts";

/** JSR gives all points for documented symbols from this share on. */
const WANTED_SHARE = 0.8;

/** An entry of the package. */
interface EntryDocs {
  /** Its file. */
  path: string;
  text: string;
  /** What it exports. */
  names: string[];
}

/** Checks README.md and the entries, and says what is wrong. */
export async function checkDocs(): Promise<boolean> {
  const read = (path: string): Promise<string> =>
    Deno.readTextFile(new URL(path, ROOT_URL));
  const surface = await readSurface();
  const { exports } = await readProjectFile();
  const entries: EntryDocs[] = [];
  for (const [index, path] of Object.values(exports).entries()) {
    const names = surface[index]?.exports.map(({ name }) => name) ?? [];
    entries.push({ path, text: await read(path), names });
  }
  const problems = docProblems(await read("README.md"), entries);
  problems.forEach((problem) => say(problem));
  return problems.length === 0;
}

/** Says what JSR gives no points for. */
export function docProblems(
  readme: string,
  entries: readonly EntryDocs[],
): string[] {
  const names = entries.flatMap(({ names }) => names);
  // A name that another entry exports first counts as one without a comment.
  const again = names.filter((name, index) => names.indexOf(name) < index);
  return [
    ...(/^\s*```/m.test(readme) ? [] : ["README.md holds no example"]),
    ...entries.filter(({ text }) =>
      !/^\/\*\*(?:(?!\*\/)[^])*@module/.test(text)
    )
      .map(({ path }) => `${path} does not begin with a module doc`),
    ...names.length > 0 && 1 - again.length / names.length >= WANTED_SHARE
      ? []
      : [`of ${names.length} exports too many are there twice: ${again}`],
  ];
}
