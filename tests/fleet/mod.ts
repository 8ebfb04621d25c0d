/**
 * Tests `examples/fleet` with the real CLI and a scripted model: `deno task test:fleet
 * [--turns 30] [--seed 1] [--only crashes,redis]`. Redis and PostgreSQL come from the
 * system's packages; the test starts and stops them.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { closingLine } from "../../scripts/junit.ts";
import { say } from "../../scripts/print.ts";
import { findProcessesWith } from "../../src/testing/processes.ts";
import { until } from "../../src/testing/waiting.ts";
import { runCancel } from "./cancel.ts";
import { runCrashes } from "./crashes.ts";
import { killChildren } from "./children.ts";
import type { Keeping } from "./fleet.ts";
import { runDrain } from "./drain.ts";
import { runFailures } from "./failures.ts";
import { runFrozen, runWoken } from "./frozen.ts";
import { installFleetRuntimes, makeFleetProject } from "./project.ts";
import type { Outcome, RowContext } from "./row.ts";
import {
  noService,
  type Service,
  startPostgres,
  startRedis,
} from "./services.ts";
import { runSizing } from "./sizing.ts";
import { runStoreTests } from "./store_tests.ts";
import { runThroughput } from "./throughput.ts";

/** A row, by its name. */
interface Row {
  readonly name: string;
  readonly startService: (folder: string) => Promise<Service>;
  readonly keeping: Keeping;
  readonly run: (context: RowContext) => Promise<Outcome>;
}

const PROGRAMS = new URL("programs/", import.meta.url);

/** The folders of running rows. */
const folders = new Set<string>();

const SERVICES = { redis: startRedis, postgres: startPostgres };
const KEEPINGS = ["home", "store"] as const;

/** All rows. */
const ROWS: readonly Row[] = [
  ...Object.entries(SERVICES).flatMap(([service, startService]) =>
    [
      ...KEEPINGS.flatMap((keeping) => [
        { what: "crashes", keeping, run: runCrashes },
        { what: "frozen", keeping, run: runFrozen },
        { what: "woken", keeping, run: runWoken },
        { what: "drain", keeping, run: runDrain },
      ]),
      { what: "stores", keeping: "store", run: runStoreTests } as const,
      { what: "cancel", keeping: "home", run: runCancel } as const,
      { what: "failures", keeping: "home", run: runFailures } as const,
      { what: "throughput", keeping: "home", run: runThroughput } as const,
    ].map(({ what, keeping, run }) => ({
      name: `${what} ${service} ${keeping}`,
      startService,
      keeping,
      run,
    }))
  ),
  {
    name: "crashes redis databases",
    startService: startRedis,
    keeping: "databases",
    run: runCrashes,
  },
  ...KEEPINGS.map((keeping) => ({
    name: `crashes redis ${keeping} server`,
    startService: startRedis,
    keeping,
    run: ({ options, ...context }: RowContext) =>
      runCrashes({ options: { ...options, onServer: true }, ...context }),
  })),
  { name: "sizing", startService: noService, keeping: "home", run: runSizing },
];

if (import.meta.main) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, stop);
  }
  Deno.exit(await main(Deno.args));
}

/**
 * Kills everything at once, and waits for the CLIs, which end without their workers.
 */
async function stop(): Promise<void> {
  killChildren();
  for (const folder of folders) {
    await until(
      "nothing runs",
      () => findProcessesWith(folder).length === 0 || undefined,
      20_000,
    ).catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
  Deno.exit(1);
}

/** Runs the rows and returns the exit code. */
async function main(args: string[]): Promise<number> {
  if (Deno.build.os !== "linux") {
    say("The fleet is run on Linux: it reads /proc.");
    return 1;
  }
  const { values } = parseArgs({
    args,
    options: {
      turns: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  const wanted = ROWS.filter(({ name }) =>
    values.only.split(",").every((part) => name.includes(part))
  );
  const project = await makeFleetProject(await readPrograms());
  const runtimes = await installFleetRuntimes();
  const counts = { passed: 0, failed: 0 };
  for (const row of wanted) {
    say(`\n== ${row.name}, seed ${values.seed}`);
    const { figures, problems } = await runRow(row, {
      project,
      runtimes,
      turns: Number(values.turns),
      seed: Number(values.seed),
    });
    for (const [what, value] of Object.entries(figures)) {
      say(`${what.padEnd(24)}${value}`);
    }
    for (const problem of problems) say(`PROBLEM: ${problem}`);
    counts[problems.length === 0 ? "passed" : "failed"] += 1;
  }
  say(`\n${closingLine(counts)}`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** Runs a row with its own service; an error is a problem of the row. */
async function runRow(
  { startService, keeping, run }: Row,
  { project, ...context }: Omit<RowContext, "options"> & { project: string },
): Promise<Outcome> {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-fleet-" }),
  );
  folders.add(folder);
  try {
    // The user `postgres` needs access.
    await Deno.chmod(folder, 0o711);
    const [watcher] = context.runtimes;
    if (watcher === undefined) throw new Error("There is no runtime");
    await using service = await startService(`${folder}/service`);
    return await run({
      ...context,
      options: { project, service, keeping, folder, watcher },
    });
  } catch (error) {
    return {
      figures: {},
      problems: [error instanceof Error ? error.stack ?? "" : String(error)],
    };
  } finally {
    folders.delete(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads the programs that run in the example's project. */
async function readPrograms(): Promise<Record<string, string>> {
  const programs: Record<string, string> = {};
  for await (const { name } of Deno.readDir(PROGRAMS)) {
    programs[name] = await Deno.readTextFile(new URL(name, PROGRAMS));
  }
  return programs;
}
