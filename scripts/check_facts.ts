/**
 * Checks docs/facts.md against the code: `deno run --allow-read scripts/check_facts.ts`.
 * Each fact names the source that relies on it and the test that verifies it, and both name
 * the fact, in a comment such as `(facts F9)`; or it says why there is none.
 *
 * @module
 */

import { say } from "./print.ts";
import { listFiles, ROOT_URL } from "./project.ts";

/** Matches a row of a table: its number, and its last cell, which names the places. */
const ROW = /^\| ([AFR]\d+) *\|.*\| (.*?) *\|$/gm;

/** Matches a path in that cell. */
const PATH = /`((?:src|tests|scripts|bench)\/[^`]+)`/g;

/** Matches the number of a fact in code. */
const NUMBER = /\b[AFR]\d+\b/g;

if (import.meta.main) Deno.exit(await checkFacts() ? 0 : 1);

/** Checks the facts, and prints the problems. */
export async function checkFacts(): Promise<boolean> {
  const folders = ["src", "tests", "scripts", "bench"];
  const paths = (await Promise.all(folders.map(listFiles))).flat();
  const read = (path: string): Promise<string> =>
    Deno.readTextFile(new URL(path, ROOT_URL));
  const files = new Map<string, string>();
  for (const path of paths.filter((path) => path.endsWith(".ts"))) {
    files.set(path, await read(path));
  }
  const problems = factProblems(await read("docs/facts.md"), files);
  problems.forEach((problem) => say(problem));
  return problems.length === 0;
}

/** Lists the problems with the facts' places; `files` are the texts of the code, by path. */
export function factProblems(
  facts: string,
  files: ReadonlyMap<string, string>,
): string[] {
  const rows = [...facts.matchAll(ROW)];
  const known = new Set(rows.map(([, number]) => number));
  const problems = rows.length === 0 ? ["docs/facts.md holds no facts"] : [];
  for (const [, number = "", where = ""] of rows) {
    const paths = [...where.matchAll(PATH)].map(([, path = ""]) => path);
    for (const path of paths) {
      const text = files.get(path);
      const named = text?.match(NUMBER)?.includes(number);
      if (text === undefined) problems.push(`${number}: no file ${path}`);
      else if (!named) problems.push(`${number}: ${path} does not name it`);
    }
    const isSource = (path: string): boolean => path.startsWith("src/");
    if (!paths.some(isSource) && !/not relied on: \S/.test(where)) {
      problems.push(`${number}: no source, and no "not relied on: …"`);
    }
    if (paths.every(isSource) && !/not tested: \S/.test(where)) {
      problems.push(`${number}: no test, and no "not tested: …"`);
    }
  }
  for (const [path, text] of files) {
    for (const [index, line] of text.split("\n").entries()) {
      for (const [number] of line.matchAll(NUMBER)) {
        if (known.has(number)) continue;
        problems.push(`${path}:${index + 1}: no fact ${number}`);
      }
    }
  }
  return problems;
}
