/**
 * Tries the package on several versions of the CLI, and writes the results to
 * docs/versions.md: `deno task versions [--check]`. With `--check` the page is compared, not
 * written. All cases have to pass on the newest CLI.
 *
 * @module
 */

import { CodexExecError, CodexUnsupportedOptionError } from "../mod.ts";
import { installCached } from "./npm/tools.ts";
import { say } from "./print.ts";
import { ROOT_URL } from "./project.ts";
import { NPM, succeed } from "./run.ts";
import { CASES, OPTION_CASES, type VersionCase } from "./versions/cases.ts";

/** The versions in addition to the newest; pinned, so that an old commit has the same results. */
const VERSIONS: readonly string[] = ["0.104.0", "0.140.0", "0.163.0"];

/** The page, and the line in it after which the tables begin. */
const PAGE = new URL("docs/versions.md", ROOT_URL);
const MARK = "<!-- Written by `deno task versions` -->";

/** The time limit of one case, in ms; only guards against hanging. */
const MAX_CASE_MS = 60_000;

/** A version, and the result of each case. */
interface Column {
  readonly version: string;
  readonly cells: readonly string[];
}

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Tries everything, and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const newest = (await succeed(NPM, ["view", "@openai/codex", "version"]))
    .trim();
  const columns: Column[] = [];
  for (const version of [...new Set([...VERSIONS, newest])]) {
    columns.push({ version, cells: await tryAll(version) });
  }
  const tables = [
    "## Turns",
    writeTable("what", CASES, columns, 0),
    "## Options",
    writeTable("option", OPTION_CASES, columns, CASES.length),
  ].join("\n\n");
  say(`\n${tables}`);
  const before = await Deno.readTextFile(PAGE);
  const [intro = ""] = before.split(MARK);
  const page = await formatted(`${intro}${MARK}\n\n${tables}\n`);
  const failed = columns.at(-1)?.cells.some((cell) => cell !== "yes") ?? true;
  if (failed) say(`\nThe newest CLI, ${newest}, does not do everything.`);
  if (!args.includes("--check")) {
    await Deno.writeTextFile(PAGE, page);
  } else if (page !== before) {
    say("\ndocs/versions.md says something else; run `deno task versions`.");
    return 1;
  }
  return failed ? 1 : 0;
}

/** Tries all cases on a version, one after the other. */
async function tryAll(version: string): Promise<string[]> {
  const folder = await installCached(`cli_${version}`, [
    `@openai/codex@${version}`,
  ]);
  const program = `${folder}/node_modules/.bin/codex`;
  const cells: string[] = [];
  for (const each of [...CASES, ...OPTION_CASES]) {
    const cell = await tryCase(each, program);
    say(`${version} | ${each.title}: ${cell}`);
    cells.push(cell);
  }
  return cells;
}

/** Tries a case, and returns its cell. */
async function tryCase(
  { title, run }: VersionCase,
  program: string,
): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("too slow")), MAX_CASE_MS);
  });
  try {
    await Promise.race([run(program), late]);
    return "yes";
  } catch (error) {
    if (error instanceof CodexUnsupportedOptionError) return "named";
    if (error instanceof CodexExecError && error.code === "unsupported_cli") {
      return "named";
    }
    say(`${title}: ${error}`);
    return "no";
  } finally {
    clearTimeout(timer);
  }
}

/** Writes a Markdown table with one column per version. */
function writeTable(
  what: string,
  cases: readonly VersionCase[],
  columns: readonly Column[],
  first: number,
): string {
  const rows = [
    [what, ...columns.map(({ version }) => version)],
    ["---", ...columns.map(() => "---")],
    ...cases.map(({ title }, index) => [
      title,
      ...columns.map(({ cells }) => cells[first + index] ?? ""),
    ]),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Formats Markdown as `deno fmt` does. */
async function formatted(text: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "acodex-versions-" });
  try {
    const file = `${folder}/page.md`;
    await Deno.writeTextFile(file, text);
    await succeed(Deno.execPath(), ["fmt", "--quiet", "--no-config", file]);
    return await Deno.readTextFile(file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
