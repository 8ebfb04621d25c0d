/**
 * Runs a file of behaviours in a column, that is with a client on a runtime, in a separate
 * process, and reads its report.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT_URL } from "../project.ts";
import { environmentWithout, type Ran, run } from "../run.ts";
import { behaviourPath } from "./behaviours.ts";
import type { Column } from "./runtimes.ts";

/** The time limit of one file in one column, in ms. */
const TIMEOUT_MS = 6 * 60_000;

/** The most of a failed process's output that is shown, in characters. */
const SHOWN = 4_000;

/** Matches variables of the developer's machine that would change what the CLI does. */
const LEFT_OUT =
  /^(?:CODEX_|OPENAI_|CONFORMANCE_(?!BEHAVIOUR$)|NODE_OPTIONS$|NO_COLOR$)/;

/** A line that a behaviour reports; see tests/conformance/support/behaviour.ts. */
type Line =
  | { type: "declared" | "passed over" | "not applicable"; name: string }
  | { type: "result"; name: string; ok: boolean; errors: string[] };

/** The result of one behaviour. */
export type Result = Extract<Line, { type: "result" }>;

/** A column, ready for its files. */
export interface PreparedColumn {
  /** The column. */
  readonly column: Column;
  /** The runtime's program. */
  readonly program: string;
  /** The folder of the bundle; `undefined` if the sources are run. */
  readonly bundle: URL | undefined;
}

/** The report of a file. */
export interface Report {
  /** The behaviours to run, in order. */
  readonly declared: readonly string[];
  /** These, and the behaviours that were skipped or do not apply to the column's client. */
  readonly named: readonly string[];
  /** The results; a behaviour without one has not ended. */
  readonly results: ReadonlyMap<string, Result>;
}

/** Runs a file, and returns its report, and the problem with its process, if there is one. */
export async function runFile(
  prepared: PreparedColumn,
  file: string,
): Promise<Report & { problem: string | undefined }> {
  const { column: { runtime }, program, bundle } = prepared;
  // Outside of the repository, since some turns need a folder without one.
  const folder = await Deno.makeTempDir({ prefix: "acodex-conformance-" });
  try {
    const path = `${folder}/results.jsonl`;
    await Deno.mkdir(`${folder}/tmp`);
    const args = [
      ...runtime.args,
      bundle === undefined
        ? behaviourPath(file)
        : fileURLToPath(new URL(`behaviours/${file}.js`, bundle)),
    ];
    const ran = await run(program, args, {
      cwd: bundle ?? ROOT_URL,
      clearEnv: true,
      env: environment(prepared, `${folder}/tmp`, path),
      timeoutMs: TIMEOUT_MS,
    });
    const report = await readReport(path);
    return { ...report, problem: findProblem(ran, report) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function environment(
  { column: { client }, bundle }: PreparedColumn,
  temp: string,
  report: string,
): Record<string, string> {
  return {
    ...environmentWithout(LEFT_OUT),
    TMPDIR: temp,
    CONFORMANCE_RESULTS: report,
    CONFORMANCE_CLIENT: client,
    ...bundle === undefined
      ? {}
      : { CONFORMANCE_HOSTS: fileURLToPath(new URL("hosts/", bundle)) },
  };
}

/** Reads the report of a file; the report is empty if the process did not get that far. */
export async function readReport(path: string | URL): Promise<Report> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const lines = text.split("\n").filter((line) => line !== "")
    .map((line): Line => JSON.parse(line));
  return {
    declared: lines.flatMap(({ type, name }) =>
      type === "declared" ? [name] : []
    ),
    named: lines.flatMap(({ type, name }) => type === "result" ? [] : [name]),
    results: new Map(
      lines.flatMap((line) =>
        line.type === "result" ? [[line.name, line]] : []
      ),
    ),
  };
}

/** Finds the problem if the process failed or reported nothing, although all its results are good. */
function findProblem(
  { code, signal, stdout, stderr }: Ran,
  { declared, named, results }: Report,
): string | undefined {
  const isExplained = results.size === declared.length &&
    [...results.values()].some(({ ok }) => !ok);
  if (code === 0 ? named.length > 0 : isExplained) return undefined;
  const text = `${stdout}${stderr}`.trim().slice(-SHOWN);
  return `The process ended with ${
    signal ?? `code ${code}`
  }, though no behaviour failed or some have no result:\n${text}`;
}
