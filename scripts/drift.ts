/**
 * Lists the parts of the newest CLI and the newest official SDK that this package does not
 * know: `deno task drift`. Exits with 1 if there are any. scripts/drift lists the parts that
 * are left out on purpose, each with its reason.
 *
 * @module
 */

import { type Subcommand, SUBCOMMANDS } from "./drift/flags.ts";
import { flagDrift } from "./drift/flags.ts";
import { officialDrift } from "./drift/official.ts";
import { serverDrift } from "./drift/server.ts";
import { OFFICIAL_NAME } from "./npm/official_sdk.ts";
import { installCached } from "./npm/tools.ts";
import { say } from "./print.ts";
import { NPM, succeed } from "./run.ts";

const CLI = "@openai/codex";

if (import.meta.main) Deno.exit(await main());

/** Runs the comparison, and returns the exit code. */
async function main(): Promise<number> {
  const cli = await newest(CLI);
  const folder = await installCached("codex", [cli]);
  const codex = `${folder}/node_modules/.bin/codex`;
  const official = await newest(OFFICIAL_NAME);
  say(`Comparing ${cli} and ${official} …`);
  const drift = [
    ...flagDrift(await readHelps(codex)),
    ...await serverDrift(codex),
    ...await officialDrift(official),
  ];
  drift.forEach((each) => say(each));
  say(
    drift.length === 0
      ? "Nothing is new that is not known."
      : "Use it, or add it to what is left out in scripts/drift, with the reason.",
  );
  return drift.length === 0 ? 0 : 1;
}

/** Returns the specifier of a package's newest version. */
async function newest(name: string): Promise<string> {
  const version = await succeed(NPM, ["view", name, "version"]);
  return `${name}@${version.trim()}`;
}

/** Reads the help of `codex exec` and its subcommands. */
export async function readHelps(
  codex: string,
): Promise<{ readonly [S in Subcommand]: string }> {
  const helps = await Promise.all(
    SUBCOMMANDS.map(async (subcommand) => {
      const words = subcommand === "" ? [] : [subcommand];
      return [
        subcommand,
        await succeed(codex, ["exec", ...words, "--help"]),
      ];
    }),
  );
  return Object.fromEntries(helps);
}
