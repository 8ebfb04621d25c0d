/**
 * Checks the version against the CLI's: `deno run --allow-read scripts/check_version.ts`.
 * `0.169.x` is the line that is made for, and tested with, the CLI 0.169.
 *
 * @module
 */

import { VERSION } from "../src/util/version.ts";
import { say } from "./print.ts";
import { type ProjectFile, readProjectFile, ROOT_URL } from "./project.ts";

/** The npm package of the CLI. */
const CLI = "@openai/codex";

if (import.meta.main) Deno.exit(await checkVersion() ? 0 : 1);

/** The versions to compare. */
export interface Versions {
  /** The part of deno.json that is used. */
  readonly project: Pick<ProjectFile, "version" | "imports">;
  /** The version in the code. */
  readonly inCode: string;
  /** The changelog. */
  readonly changelog: string;
}

/** Checks the version, and prints the problems. */
export async function checkVersion(): Promise<boolean> {
  const problems = versionProblems({
    project: await readProjectFile(),
    inCode: VERSION,
    changelog: await Deno.readTextFile(new URL("CHANGELOG.md", ROOT_URL)),
  });
  problems.forEach((problem) => say(problem));
  return problems.length === 0;
}

/** Lists the problems with the version. */
export function versionProblems(
  { project: { version, imports }, inCode, changelog }: Versions,
): string[] {
  const line = readReleaseLine(version);
  const range = imports[CLI] ?? "";
  // Below 1.0, a caret range allows only the same minor version.
  const cliLine = readReleaseLine(
    new RegExp(`^npm:${CLI}@\\^(.+)$`).exec(range)?.[1] ?? "",
  );
  const problems: string[] = [];
  if (line === undefined) {
    problems.push(`The version of deno.json is no X.Y.Z: ${version}`);
  }
  if (cliLine === undefined) {
    problems.push(`The range of ${CLI} in deno.json is no ^X.Y.Z: ${range}`);
  }
  if (line !== undefined && cliLine !== undefined && line !== cliLine) {
    problems.push(
      `The version ${version} is not on the line of the CLI that is tested with, ${cliLine}.x`,
    );
  }
  if (inCode !== version) {
    problems.push(`src/util/version.ts says ${inCode}, deno.json ${version}`);
  }
  const isKnown = ["Unreleased", version].some((title) =>
    changelog.includes(`\n## ${title}\n`)
  );
  if (!isKnown) problems.push(`CHANGELOG.md does not know ${version}`);
  return problems;
}

/** Returns the line of a version: its major and minor. */
function readReleaseLine(version: string): string | undefined {
  return /^(\d+\.\d+)\.\d+$/.exec(version)?.[1];
}
