/**
 * Runs a file of behaviours in a column, that is with a client on a runtime, in a process of its own, and reads what
 * it reported.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT_URL } from "../project.ts";
import type { BehaviourFile } from "./bundle.ts";
import type { Column } from "./runtimes.ts";

/** How long one file may take in one column, in ms. */
const TIMEOUT_MS = 6 * 60_000;

/** How much of a process's output is shown where it failed, in characters. */
const SHOWN = 4_000;

/** Variables of the developer's machine that would change what the CLI does. */
const LEFT_OUT = /^(?:CODEX_|OPENAI_|CONFORMANCE_|NODE_OPTIONS$|NO_COLOR$)/;

/** A line that a behaviour reports; see tests/conformance/support/behaviour.ts. */
type Line =
  | { type: "declared" | "passed over" | "not applicable"; name: string }
  | { type: "result"; name: string; ok: boolean; ms: number; errors: string[] };

/** What came of one behaviour. */
export interface Result {
  /** Whether it held. */
  readonly ok: boolean;
  /** How long it took, in ms. */
  readonly ms: number;
  /** What was wrong. */
  readonly errors: readonly string[];
}

/** One file in one column, ready to be run. */
export interface Job {
  /** The file. */
  readonly file: BehaviourFile;
  /** The column. */
  readonly column: Column;
  /** The runtime's program. */
  readonly program: string;
  /** Where the bundle is. */
  readonly bundle: URL;
  /** A folder for temporary files, outside of any Git repository. */
  readonly temp: string;
  /** The text that a behaviour's name must hold. */
  readonly wanted: string | undefined;
  /** Variables for the process. */
  readonly env: Record<string, string>;
}

/** What came of a job. */
export interface JobResult {
  /** The job. */
  readonly job: Job;
  /** The behaviours that were declared, in order. */
  readonly declared: readonly string[];
  /** Those that make no sense for the column's client. */
  readonly notApplicable: readonly string[];
  /** What came of them; one that is missing has not come to an end. */
  readonly results: ReadonlyMap<string, Result>;
  /** What is wrong with the process itself, though no behaviour says so. */
  readonly problem: string | undefined;
  /** How long it took, in ms. */
  readonly ms: number;
}

/** Runs a job. */
export async function runJob(job: Job): Promise<JobResult> {
  const start = Date.now();
  const { column: { name, runtime }, file } = job;
  const temp = `${job.temp}/${name}-${file.name}`;
  await Deno.mkdir(`${temp}/tmp`, { recursive: true });
  const report = `${temp}/results.jsonl`;
  const output = await new Deno.Command(job.program, {
    args: [
      ...runtime.args,
      runtime.runsSources ? file.path : fileURLToPath(
        new URL(`behaviours/${file.name}.js`, job.bundle),
      ),
    ],
    cwd: runtime.runsSources ? ROOT_URL : job.bundle,
    clearEnv: true,
    env: environment(job, `${temp}/tmp`, report),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).output();

  const lines = await readLines(report);
  const namesOf = (type: Line["type"]): string[] =>
    lines.flatMap((line) => line.type === type ? [line.name] : []);
  const declared = namesOf("declared");
  const results = new Map(
    lines.flatMap((line): [string, Result][] =>
      line.type === "result" ? [[line.name, line]] : []
    ),
  );
  return {
    job,
    declared,
    notApplicable: namesOf("not applicable"),
    results,
    problem: problemOf(output, lines, declared, results),
    ms: Date.now() - start,
  };
}

function environment(
  { env, wanted, column: { client, runtime }, bundle }: Job,
  temp: string,
  report: string,
): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(Deno.env.toObject()).filter(([name]) =>
        !LEFT_OUT.test(name)
      ),
    ),
    ...env,
    NO_COLOR: "1",
    TMPDIR: temp,
    CONFORMANCE_RESULTS: report,
    CONFORMANCE_CLIENT: client,
    ...wanted === undefined ? {} : { CONFORMANCE_BEHAVIOUR: wanted },
    ...runtime.runsSources
      ? {}
      : { CONFORMANCE_HOSTS: fileURLToPath(new URL("hosts/", bundle)) },
  };
}

async function readLines(report: string): Promise<Line[]> {
  try {
    const text = await Deno.readTextFile(report);
    return text.split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** What is wrong where the process failed, or said nothing, and all its results are good. */
function problemOf(
  output: Deno.CommandOutput,
  lines: readonly Line[],
  declared: readonly string[],
  results: ReadonlyMap<string, Result>,
): string | undefined {
  const isExplained = declared.length > 0 &&
    declared.some((name) => results.get(name)?.ok !== true);
  if (output.success && lines.length > 0) return undefined;
  if (!output.success && isExplained && results.size === declared.length) {
    return undefined;
  }
  const decoder = new TextDecoder();
  const text = `${decoder.decode(output.stdout)}${
    decoder.decode(output.stderr)
  }`.trim();
  return `The process ended with ${
    output.signal ?? `code ${output.code}`
  }, though no behaviour failed or some have no result:\n${text.slice(-SHOWN)}`;
}
