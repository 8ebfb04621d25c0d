/**
 * Runs the behaviours of tests/conformance on every runtime, and prints one table:
 * `deno task test:conformance [columns] [--behaviour <text>]`. The columns are the
 * runtimes, each with the asynchronous client and with the blocking one.
 *
 * @module
 */

import { prepareRegistry } from "../closed_network/mod.ts";
import { closingLine } from "../junit.ts";
import { say } from "../print.ts";
import { bundleBehaviours, listBehaviours } from "./bundle.ts";
import { CACHE } from "./cache.ts";
import { type Job, type JobResult, runJob } from "./jobs.ts";
import { installPackage } from "./package.ts";
import {
  type Column,
  COLUMNS,
  installRuntime,
  type Runtime,
  versionOf,
} from "./runtimes.ts";
import { type ConformanceCounts, printTable } from "./table.ts";

/** What is to be run. */
export interface ConformanceOptions {
  /** The names of the columns; all of them by default. */
  readonly columns?: readonly string[];
  /** The text that a behaviour's name must hold, in any case. */
  readonly behaviour?: string;
  /** Variables for every `deno` child. */
  readonly env?: Record<string, string>;
}

if (import.meta.main) {
  const { columns, behaviour } = readArgs(Deno.args);
  const { env } = await prepareRegistry();
  const counts = await runConformance({ columns, behaviour, env });
  say(closingLine({ ...counts, skipped: 0 }));
  Deno.exit(counts.failed === 0 ? 0 : 1);
}

/** Runs the suite, prints its table, and counts. */
export async function runConformance(
  options: ConformanceOptions = {},
): Promise<ConformanceCounts> {
  if (Deno.build.os === "windows") {
    say(
      "The conformance suite needs a POSIX shell: it does not run on Windows.",
    );
    return { passed: 0, failed: 0 };
  }
  const start = Date.now();
  const columns = COLUMNS.filter(({ name }) =>
    options.columns?.includes(name) ?? true
  );
  const folder = new URL(`run-${crypto.randomUUID()}/`, CACHE);
  await Deno.mkdir(folder, { recursive: true });
  // Outside of the repository: turns are tried where there is none.
  const temp = await Deno.makeTempDir({ prefix: "acodex-conformance-" });
  try {
    const jobs = await prepareJobs(columns, folder, temp, options);
    say(
      `${
        new Set(jobs.map(({ file }) => file.path)).size
      } files of behaviours in ${columns.length} columns`,
    );
    const results = await runAll(jobs);
    say();
    const counts = printTable(columns.map(({ name }) => name), results);
    if (counts.passed + counts.failed === 0) {
      say("No behaviour ran.");
      counts.failed = 1;
    }
    say(
      `\nConformance: ${counts.passed} held, ${counts.failed} did not, in ${
        Math.round((Date.now() - start) / 1000)
      } s`,
    );
    return counts;
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(temp, { recursive: true });
  }
}

/** Installs what the jobs need, and lists them. */
async function prepareJobs(
  columns: readonly Column[],
  folder: URL,
  temp: string,
  { behaviour, env = {} }: ConformanceOptions,
): Promise<Job[]> {
  const programs = new Map<Runtime, string>();
  const runtimes = new Set(columns.map(({ runtime }) => runtime));
  for (const runtime of runtimes) {
    const program = await installRuntime(runtime);
    programs.set(runtime, program);
    say(`${runtime.name} is ${await versionOf(program)}`);
  }
  if (columns.some(({ runtime }) => !runtime.runsSources)) {
    await bundleBehaviours(folder, env);
    const installed = await installPackage();
    await Deno.writeTextFile(
      new URL("package.json", folder),
      '{ "private": true, "type": "module" }\n',
    );
    await Deno.symlink(
      new URL("node_modules", installed),
      new URL("node_modules", folder),
      { type: "dir" },
    );
  }
  const files = await listBehaviours();
  return files.flatMap((file) =>
    columns.map((column) => ({
      file,
      column,
      program: programs.get(column.runtime) ?? "",
      bundle: folder,
      temp,
      wanted: behaviour,
      env,
    }))
  );
}

/** Runs the jobs, three at a time for each core: behaviours wait a lot. */
async function runAll(jobs: readonly Job[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const result = await runJob(job);
      results.push(result);
      const { declared, ms } = result;
      if (declared.length === 0) continue;
      const held = declared.filter((name) => result.results.get(name)?.ok);
      say(
        `  ${job.column.name}, ${job.file.name}: ${held.length} of ${declared.length} in ${
          (ms / 1000).toFixed(1)
        } s`,
      );
    }
  };
  const workers = navigator.hardwareConcurrency * 3;
  await Promise.all(Array.from({ length: workers }, work));
  // In the order of the jobs, whichever ended first.
  return results.toSorted((one, other) =>
    jobs.indexOf(one.job) - jobs.indexOf(other.job)
  );
}

/** Reads the command line; fails for a column that there is not. */
function readArgs(
  args: readonly string[],
): { columns?: string[]; behaviour?: string } {
  const rest = [...args];
  const at = rest.indexOf("--behaviour");
  const behaviour = at === -1 ? undefined : rest.splice(at, 2)[1];
  if (at !== -1 && behaviour === undefined) {
    throw new Error("--behaviour needs a part of a behaviour's name");
  }
  const known = COLUMNS.map(({ name }) => name);
  const unknown = rest.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `Unknown column ${unknown.join(", ")}: there are ${known.join(", ")}`,
    );
  }
  return { columns: rest.length > 0 ? rest : undefined, behaviour };
}
