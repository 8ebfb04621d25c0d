/**
 * Runs a fleet on one machine: a queue, workers on several runtimes, and the scripted
 * model.
 *
 * @module
 */

import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { type ModelReplyFunction, ScriptedModel } from "../../testing.ts";
import { findProcessesWith } from "../../src/testing/processes.ts";
import { succeed } from "../../scripts/run.ts";
import { MINUTE_MS, until, within } from "../../src/testing/waiting.ts";
import { fleetModel } from "./model.ts";
import { countEach } from "./job_lines.ts";
import { Program } from "./program.ts";
import type { FleetRuntime } from "./project.ts";
import type { Service } from "./services.ts";

/**
 * The place of threads: a home that all workers share, such a home with separate
 * databases for each worker, or a home for each worker and a store.
 */
export type Keeping = "home" | "databases" | "store";

/** Options of a fleet. */
export interface FleetOptions {
  /** The project with the example. */
  readonly project: string;
  readonly service: Service;
  /** The runtime of the program that watches the queue. */
  readonly watcher: FleetRuntime;
  readonly keeping: Keeping;
  /** True if each worker has one server for all its turns. @default {false} */
  readonly onServer?: boolean;
  /** An empty folder. */
  readonly folder: string;
  /** The number of turns that a worker runs at the same time. */
  readonly concurrency: number;
  /** Milliseconds for which a job stays locked. @default {4000} */
  readonly lockMs?: number;
  /** The model's replies. @default {fleetModel} */
  readonly reply?: ModelReplyFunction;
}

/** A worker and its home. */
export interface FleetWorker {
  readonly runtime: FleetRuntime;
  readonly program: Program;
  readonly home: string;
}

/** A fleet. Disposing it kills everything that it has started. */
export class Fleet implements AsyncDisposable {
  /** The model. */
  readonly model: ScriptedModel;
  /** The workers that are running. */
  readonly workers = new Set<FleetWorker>();
  readonly #options: FleetOptions;
  readonly #programs: Program[] = [];
  #watch: Program | undefined;
  #folders = 0;

  /** Created by {@linkcode Fleet.start}. */
  constructor(options: FleetOptions, model: ScriptedModel) {
    this.#options = options;
    this.model = model;
  }

  /**
   * Starts the model and the watching program, and creates the folder in which tasks
   * work.
   */
  static async start(options: FleetOptions): Promise<Fleet> {
    const model = await ScriptedModel.start(
      options.reply ?? fleetModel(`${options.folder}/effects`),
    );
    const fleet = new this(options, model);
    for (const name of ["effects", "effects-ended"]) {
      await Deno.writeTextFile(`${options.folder}/${name}`, "");
    }
    await Deno.mkdir(fleet.#machines);
    await succeed("git", ["init", "--quiet", fleet.#repo]);
    fleet.#watch = fleet.run(options.watcher, "watch.ts", []);
    await fleet.#watch.line("the watch", (line) => line === "ready", MINUTE_MS);
    return fleet;
  }

  /**
   * The folder of everything on the machines. The services do not use it, so it
   * identifies the machines' processes.
   */
  get #machines(): string {
    return `${this.#options.folder}/machines`;
  }

  get #repo(): string {
    return `${this.#machines}/repo`;
  }

  /**
   * Starts a worker, with an empty home if a store keeps the threads, and waits until
   * it is ready for jobs.
   */
  async startWorker(
    runtime: FleetRuntime,
    env: { readonly [name: string]: string } = {},
  ): Promise<FleetWorker> {
    const { keeping, onServer, concurrency, lockMs = 4_000 } = this.#options;
    const home = await this.#makeHome();
    const program = this.run(runtime, "worker.ts", [], {
      ...this.model.env(home),
      FLEET_SANDBOX: "off",
      FLEET_CONCURRENCY: `${concurrency}`,
      FLEET_LOCK_MS: `${lockMs}`,
      ...onServer ? { FLEET_SERVER: "1" } : {},
      ...keeping === "store" ? { FLEET_STORE: "1" } : {},
      ...keeping === "databases"
        ? { CODEX_SQLITE_HOME: await this.#makeFolder("databases") }
        : {},
      ...env,
    });
    const worker = { runtime, program, home };
    this.workers.add(worker);
    await program.line("the worker", (line) => line === "ready", MINUTE_MS);
    return worker;
  }

  /** Kills a worker without warning, as if its machine died. */
  async killWorker(worker: FleetWorker): Promise<void> {
    this.workers.delete(worker);
    worker.program.kill("SIGKILL");
    await worker.program.ended;
  }

  /** Submits tasks. */
  submit(runtime: FleetRuntime, prompts: readonly string[]): Program {
    return this.run(runtime, "submit.ts", [this.#repo, ...prompts]);
  }

  /** Runs tasks in one process, without a queue. */
  async pool(
    runtime: FleetRuntime,
    prompts: readonly string[],
    concurrency: number,
  ): Promise<Program> {
    const home = await this.#makeHome();
    return this.run(runtime, "pool.ts", [this.#repo, ...prompts], {
      ...this.model.env(home),
      FLEET_SANDBOX: "off",
      FLEET_CONCURRENCY: `${concurrency}`,
    });
  }

  /** Starts a program of the project. */
  run(
    { command }: FleetRuntime,
    name: string,
    args: readonly string[],
    env: { readonly [name: string]: string } = {},
  ): Program {
    const { project, folder, service } = this.#options;
    const [program, ...before] = command;
    const started = new Program(
      [program, ...before, `${project}${name}`, ...args],
      folder,
      {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: folder,
        DENO_NO_UPDATE_CHECK: "1",
        ...service.env,
        ...env,
      },
    );
    this.#programs.push(started);
    return started;
  }

  /** Counts how often each job was completed, according to the queue's events. */
  completions(): Map<string, number> {
    return countEach(this.#watch?.lines.slice(1) ?? []);
  }

  /** Counts how often the command of each task was started. */
  async commands(): Promise<Map<number, number>> {
    return await countLines(`${this.#options.folder}/effects`);
  }

  /** Counts how often the command of each task ended. */
  async endedCommands(): Promise<Map<number, number>> {
    return await countLines(`${this.#options.folder}/effects-ended`);
  }

  /**
   * Lists the processes on the machines except the workers: CLIs, their commands and
   * watchdogs.
   */
  running(): { pid: number; command: string }[] {
    const own = new Set(this.#programs.map(({ pid }) => pid));
    return findProcessesWith(this.#machines).filter(({ pid }) => !own.has(pid));
  }

  /**
   * Stops the workers as an orchestrator does.
   *
   * @returns Their exit codes, and what they left.
   */
  async drain(): Promise<{ exitCodes: number[]; left: string[] }> {
    const workers = [...this.workers];
    for (const { program } of workers) program.kill("SIGTERM");
    const exitCodes = await within(
      MINUTE_MS,
      "the end of the workers",
      Promise.all(workers.map(({ program }) => program.ended)),
    );
    this.workers.clear();
    return { exitCodes, left: await this.left() };
  }

  /** Lists what is still running after a while. */
  async left(): Promise<string[]> {
    await until(
      "nothing runs",
      () => this.running().length === 0 || undefined,
      20_000,
    ).catch(() => {});
    return this.running().map(({ pid, command }) => `${pid} ${command}`);
  }

  /** Kills everything that was started. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
    await this.left();
    await this.model.close();
  }

  async #makeHome(): Promise<string> {
    const home = await this.#makeFolder(
      "home",
      this.#options.keeping !== "store",
    );
    await Deno.writeTextFile(
      `${home}/config.toml`,
      serializeConfigOverrides(this.model.config).join("\n"),
    );
    return home;
  }

  /** Creates a folder of the machines; a new one each time unless it is shared. */
  async #makeFolder(name: string, isShared = false): Promise<string> {
    const suffix = isShared ? "" : this.#folders += 1;
    const path = `${this.#machines}/${name}${suffix}`;
    await Deno.mkdir(path, { recursive: true });
    return path;
  }
}

async function countLines(path: string): Promise<Map<number, number>> {
  const text = await Deno.readTextFile(path);
  return countEach(text.split("\n").filter(Boolean).map(Number));
}
