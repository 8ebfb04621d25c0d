/**
 * Runs the scenarios of Windows (scripts/windows) under Wine, or on Windows itself:
 * `deno task test:wine [--codex] [--package=TARBALL] [options of deno test]`. With
 * `--codex` the real `codex.exe` runs turns, too; it is a download of 190 MB. `--package`
 * names another package than that of the sources.
 *
 * If Wine is not installed, prints that, and succeeds.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "./conformance/package.ts";
import { installPackages } from "./npm/tools.ts";
import { say } from "./print.ts";
import { runDeno } from "./run.ts";
import { CONTEXT_VARIABLE, type WindowsContext } from "./windows/context.ts";
import { findWine } from "./windows/wine.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Prepares and runs the scenarios, and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const isWindows = Deno.build.os === "windows";
  const wine = isWindows ? undefined : await findWine();
  if (wine !== undefined && "missing" in wine) {
    say(`Skipped, nothing was run: ${wine.missing}.`);
    return 0;
  }
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-wine-" }),
  );
  try {
    const context: WindowsContext = {
      folder,
      wine,
      packages: await findPackages(args, folder),
      withCodex: args.includes("--codex"),
    };
    const path = `${folder}/context.json`;
    await Deno.writeTextFile(path, JSON.stringify(context));
    const file = "scripts/windows/scenarios.ts";
    const own = args.filter((arg) => !/^--(?:codex|package)/.test(arg));
    return await runDeno(
      ["test", "--allow-all", "--no-check", ...own, file],
      { [CONTEXT_VARIABLE]: path },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the `node_modules` with the package. */
async function findPackages(
  args: readonly string[],
  folder: string,
): Promise<string> {
  const given = args.find((arg) => arg.startsWith("--package="));
  if (given === undefined) {
    return fileURLToPath(new URL("node_modules", await installPackage()));
  }
  await installPackages(`${folder}/consumer`, [resolve(given.slice(10))]);
  return `${folder}/consumer/node_modules`;
}
