/**
 * Runs all checks that do not run tests: `deno task check`. Stops at the first check
 * that fails.
 *
 * @module
 */

import { checkDocs } from "./check_docs.ts";
import { checkFacts } from "./check_facts.ts";
import { checkVersion } from "./check_version.ts";
import { checkWeb } from "./check_web.ts";
import { say } from "./print.ts";
import { listFiles, readProjectFile } from "./project.ts";
import { runDeno } from "./run.ts";

/** One check: its title, and a function that tells whether it passes. */
interface Check {
  title: string;
  holds: () => Promise<boolean>;
}

if (import.meta.main) Deno.exit(await main());

/** Runs the checks in order, and returns the exit code. */
async function main(): Promise<number> {
  for (const { title, holds } of await listChecks()) {
    say(`\n== ${title}`);
    if (await holds()) continue;
    say(`\nFailed: ${title}`);
    return 1;
  }
  say("\nAll checks passed.");
  return 0;
}

/** Lists the checks, quick ones first. */
async function listChecks(): Promise<Check[]> {
  const project = await readProjectFile();
  const entries = Object.values(project.exports);
  const folders = ["src", "scripts", "bench"];
  // Programs of tests (.mjs), and some examples, load packages that only they install.
  const files = [
    ...await listFiles("tests"),
    ...(await listFiles("examples")).filter((path) =>
      !/\/(?:bun|fleet|repl|vitest|web)\//.test(path)
    ),
  ].filter((path) => path.endsWith(".ts"));
  // Without the page whose packages only its own tests install.
  const pages = [
    "README.md",
    ...[...await listFiles("docs"), ...await listFiles("skills")]
      .filter((path) => path.endsWith(".md") && path !== "docs/ai_sdk.md"),
  ];
  return [
    deno("Format", "fmt", "--check"),
    deno("Lint, with the layers of scripts/layers.ts", "lint"),
    { title: "Facts, with their places", holds: checkFacts },
    { title: "Version, on the line of the CLI", holds: checkVersion },
    deno("Types", "check", ...entries, ...folders, ...files),
    { title: "Types of src/, with the web's libraries alone", holds: checkWeb },
    deno("Doc comments", "doc", "--lint", ...entries),
    { title: "JSR score", holds: checkDocs },
    deno("Doc examples", "check", "--doc", ...entries, ...pages),
    deno("JSR package", "publish", "--dry-run", "--allow-dirty"),
  ];
}

/** Creates a check that is one `deno` command. */
function deno(title: string, ...args: string[]): Check {
  return {
    title: `${title}: deno ${args[0]}`,
    holds: async () => await runDeno(args) === 0,
  };
}
