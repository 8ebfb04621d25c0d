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

/** The share of documented symbols from which JSR gives all points. */
const WANTED_SHARE = 0.8;

/** An entry of the package. */
interface EntryDocs {
  /** Its file. */
  path: string;
  text: string;
  /** The names that it exports. */
  names: string[];
}

/** Checks README.md and the entries, and prints the problems. */
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

/** Lists the problems for which JSR deducts points. */
export function docProblems(
  readme: string,
  entries: readonly EntryDocs[],
): string[] {
  const names = entries.flatMap(({ names }) => names);
  // JSR counts a name as undocumented if another entry exports it first.
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
