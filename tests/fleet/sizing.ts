/**
 * Measures what a turn needs on a machine, with either transport: memory while it waits
 * for the model, and CPU time.
 *
 * @module
 */

import { interleave } from "../../bench/support/interleave.ts";
import { median } from "../../bench/support/statistics.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { findProcessesWith } from "../../src/testing/processes.ts";
import { startRealCli } from "../../src/testing/real_cli.ts";
import { until, within } from "../../src/testing/waiting.ts";
import { Program } from "./program.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** The number of turns that wait for the model at the same time. */
const AT_ONCE = 16;

/** The number of measurements of each. */
const ROUNDS = 3;

/** Milliseconds that a run may take; only guards against hanging. */
const LIMIT_MS = 5 * 60_000;

/** A run of `sizing.ts`. */
interface Measured {
  /**
   * The memory of the CLIs while all turns wait for the model, in MiB; shared pages
   * count proportionally.
   */
  readonly mib: number;
  /** The CPU time of all processes, in seconds. */
  readonly cpu: number;
}

/** Measures both transports. */
export async function runSizing(
  { options: { project, folder }, runtimes: [runtime] }: RowContext,
): Promise<Outcome> {
  if (runtime === undefined) throw new Error("There is no runtime");
  const [program, ...args] = runtime.command;
  const measure = async (transport: string, count: number) => {
    const { promise: released, resolve: release } = Promise.withResolvers<
      void
    >();
    await using real = await startRealCli(async ({ prompt }) => {
      if (prompt !== "alone") await released;
      return modelAnswer(modelMessage("Done"));
    }, { parent: folder });
    await Deno.writeTextFile(
      `${real.home}/config.toml`,
      serializeConfigOverrides(real.model.config).join("\n"),
    );
    const path = `${project}sizing.ts`;
    await using run = new Program(
      [program, ...args, path, transport, `${count}`, real.repo],
      folder,
      real.env,
    );
    await until(
      "all turns wait for the model",
      () => real.model.prompts.length === count + 1 || undefined,
      LIMIT_MS,
    );
    const clis = findProcessesWith(real.home).filter(({ pid }) =>
      pid !== run.pid
    );
    const mib = clis.reduce((sum, { pid }) => sum + readMemory(pid), 0);
    release();
    const exitCode = await within(LIMIT_MS, "the end", run.ended);
    if (exitCode !== 0) throw new Error(run.errors.join("\n"));
    return { mib, cpu: Number(run.lines[0]) };
  };
  const results = await interleave(
    ["exec 1", `exec ${AT_ONCE}`, "server 1", `server ${AT_ONCE}`] as const,
    ROUNDS,
    (contender): Promise<Measured> => {
      const [transport = "", count = ""] = contender.split(" ");
      return measure(transport, Number(count));
    },
  );
  const mib = (of: readonly Measured[]) => median(of.map((each) => each.mib));
  const cpu = (of: readonly Measured[]) => median(of.map((each) => each.cpu));
  const figures: Record<string, string> = {};
  for (const transport of ["exec", "server"] as const) {
    const one = results[`${transport} 1`];
    const many = results[`${transport} ${AT_ONCE}`];
    figures[`${transport}: 1 turn, MiB`] = mib(one).toFixed(0);
    figures[`${transport}: ${AT_ONCE} turns, MiB`] = mib(many).toFixed(0);
    figures[`${transport}: a turn, CPU s`] =
      ((cpu(many) - cpu(one)) / (AT_ONCE - 1)).toFixed(2);
  }
  return {
    figures,
    problems: listProblems({ "left running": [findProcessesWith(folder), []] }),
  };
}

/** Returns the memory of a process in MiB; 0 if it has ended. */
function readMemory(pid: number): number {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
