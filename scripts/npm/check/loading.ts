/**
 * Checks that the package loads, on each runtime and in each way, and has every
 * export.
 *
 * @module
 */

import { run, succeed } from "../command.ts";
import { type Entry, valueNames } from "../surface.ts";
import type { CheckContext, Program } from "./context.ts";
import type { Check } from "./report.ts";

/** The checks of loading. */
export function loadingChecks(context: CheckContext): Check[] {
  return [
    ...[...context.nodes.values(), context.bun].map((program): Check => ({
      title: `import and require() on ${program.label}`,
      run: () => loadsBothWays(context, program),
    })),
    {
      title: `import on Deno ${Deno.version.deno}, with no permission`,
      run: () => loadsOnDeno(context),
    },
  ];
}

/** A program that loads the entries in one way and prints their exports. */
export function loader(entries: Entry[], way: "import" | "require"): string {
  const specifiers = JSON.stringify(entries.map(({ specifier }) => specifier));
  return `Promise.all(${specifiers}.map((each) => ${way}(each))).then((modules) =>
  console.log(JSON.stringify(modules.map((each) => Object.keys(each).sort()))));
`;
}

/** Compares what a program printed with what the sources export. */
export function compareExports(entries: Entry[], printed: string): number {
  const found: string[][] = JSON.parse(printed);
  let count = 0;
  for (const [index, entry] of entries.entries()) {
    const wanted = valueNames(entry);
    // Bun adds this name to what require() returns.
    const names = (found[index] ?? []).filter((name) => name !== "__esModule");
    count += wanted.length;
    if (String(names) === String(wanted)) continue;
    throw new Error(
      `"${entry.specifier}" has ${names.join(", ")} instead of ${
        wanted.join(", ")
      }`,
    );
  }
  return count;
}

async function loadsBothWays(
  { consumer, surface }: CheckContext,
  { path }: Program,
): Promise<string> {
  let count = 0;
  const noise: string[] = [];
  for (const [way, file] of [["import", "load.mjs"], ["require", "load.cjs"]]) {
    await Deno.writeTextFile(
      `${consumer}/${file}`,
      loader(surface, way === "import" ? way : "require"),
    );
    const { code, stdout, stderr } = await run(path, [file ?? ""], {
      cwd: consumer,
    });
    if (code !== 0) throw new Error(`${way} failed:\n${stderr}`);
    count = compareExports(surface, stdout);
    // The first releases with it warn that it is new.
    if (stderr.includes("ExperimentalWarning")) {
      noise.push(`${way} with an ExperimentalWarning`);
    } else if (stderr.trim() !== "") {
      throw new Error(`${way} says: ${stderr}`);
    }
  }
  return [`${count} exports`, ...noise].join("; ");
}

/** By name and by `npm:`, from node_modules; static imports, since dynamic ones ask for reading. */
async function loadsOnDeno(
  { consumer, surface }: CheckContext,
): Promise<string> {
  const counts: number[] = [];
  for (const prefix of ["", "npm:"]) {
    const file = `load_${prefix === "" ? "name" : "npm"}.js`;
    const names = surface.map((_, index) => `m${index}`);
    await Deno.writeTextFile(
      `${consumer}/${file}`,
      surface.map(({ specifier }, index) =>
        `import * as m${index} from "${prefix}${specifier}";\n`
      ).join("") +
        `console.log(JSON.stringify([${names}].map((each) => Object.keys(each).sort())));\n`,
    );
    const args = ["run", "--no-prompt", "--no-lock", "--quiet", file];
    const printed = await succeed(Deno.execPath(), args, { cwd: consumer });
    counts.push(compareExports(surface, printed));
  }
  return `${counts[0]} exports, by name and by npm:`;
}
