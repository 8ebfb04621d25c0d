/**
 * Defines the rows of the table of endings, and measures them.
 *
 * @module
 */

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  Codex,
  CodexError,
  type CodexOptions,
  type StreamedTurn,
  type ThreadEvent,
  type TurnOptions,
} from "@acodex/sdk";
import { countedController } from "../../../src/testing/counted_signal.ts";
import { FakeCli, type FakeSteps } from "../../../src/testing/fake.ts";
import { endProcess, findProcesses } from "../../../src/testing/processes.ts";
import { count, type Counts, KINDS, leftOver, openFiles } from "./counts.ts";

/** The grace for each signal in the rows, in ms. */
export const GRACE_MS = 400;

/** The time that the package allows a CLI to exit once its turn is decided, in ms. */
export const LINGER_MS = 2_000;

/** The time that the package waits for the output of each pipe once the CLI has exited, in ms. */
export const DRAIN_MS = 500;

/** The time after its bound within which a turn may settle, in ms, because the machine may be busy. */
const SLACK_MS = Number(process.env.CHAOS_SLACK_MS ?? 10_000);

/** The measurements of a row. */
export interface Measured {
  /** The row's name: how the turn ended. */
  readonly name: string;
  /** The time from the cause of the end until the turn was settled, in ms. */
  readonly ms: number;
  /** The sum of the graces, in ms. */
  readonly bound: number;
  /** The outcome of the turn. */
  readonly outcome: string;
  /** The counts of what was left. */
  readonly left: Counts;
  /** The problems found; empty if the row passes. */
  readonly problems: readonly string[];
}

/** A row of the table: one way in which a turn ends. */
export interface Ending {
  /** The row's name. */
  readonly name: string;
  /** The script of the CLI. */
  readonly steps: FakeSteps;
  /** The most time that the end may take, in ms, on an idle machine. */
  readonly bound: number;
  /** The expected outcome: what `take` returns, or an error's code. */
  readonly outcome: string;
  /** The number of processes that stay on purpose. */
  readonly kept?: number;
  /** Options of the client. */
  readonly codex?: CodexOptions;
  /** Runs the turn to its end; what it returns or throws is the outcome. */
  readonly take: (turn: ChaosTurn) => Promise<unknown>;
}

/** The turn of a row. */
export class ChaosTurn {
  /** Aborts the turn. */
  readonly controller: AbortController;
  readonly #codex: Codex;
  readonly #signal: AbortSignal;
  #begun = performance.now();

  /** Creates a turn of a client with a signal. */
  constructor(
    codex: Codex,
    { controller, signal }: {
      readonly controller: AbortController;
      readonly signal: AbortSignal;
    },
  ) {
    this.#codex = codex;
    this.controller = controller;
    this.#signal = signal;
  }

  /** Starts measuring the time. */
  mark(): void {
    this.#begun = performance.now();
  }

  /** The time since then, in ms. */
  get ms(): number {
    return Math.round(performance.now() - this.#begun);
  }

  /** Aborts the turn, and starts measuring the time. */
  abort(reason?: unknown): void {
    this.mark();
    this.controller.abort(reason);
  }

  /** Runs the turn to its end. */
  async run(options: TurnOptions = {}, prompt = "Hi"): Promise<unknown> {
    await this.#codex.startThread().run(prompt, this.#with(options));
    return "completed";
  }

  /** Opens the turn's stream. */
  stream(options: TurnOptions = {}, prompt = "Hi"): Promise<StreamedTurn> {
    return this.#codex.startThread().runStreamed(prompt, this.#with(options));
  }

  /** Opens the stream, reads events up to the first one of a type, and returns the stream. */
  async until(
    type: ThreadEvent["type"],
    options?: TurnOptions,
    prompt?: string,
  ): Promise<StreamedTurn> {
    const streamed = await this.stream(options, prompt);
    for (;;) {
      const { done, value } = await streamed.events.next();
      if (done) throw new Error(`The events ended before ${type}`);
      if (value.type === type) return streamed;
    }
  }

  #with(options: TurnOptions): TurnOptions {
    return {
      signal: this.#signal,
      // Writes a temporary file for every turn.
      outputSchema: { type: "object", properties: {}, required: [] },
      ...options,
    };
  }
}

/** Reads the rest of a stream. */
export async function drain(streamed: StreamedTurn): Promise<string> {
  for await (const _ of streamed.events) {
    // The events' content does not matter here.
  }
  return streamed.result === undefined ? "" : "completed";
}

/** Runs a row and measures it. */
export async function measure(
  ending: Ending,
  mark: string,
): Promise<Measured> {
  const { name, bound, kept = 0 } = ending;
  const { path } = new FakeCli(mkdtempSync(join(mark, "cli-")), ending.steps);
  const watched = countedController();
  const before = count(mark, watched.listeners);
  const open = openFiles();
  const codex = new Codex({
    codexPathOverride: path,
    env: { PATH: process.env.PATH, CHAOS_MARK: mark },
    shutdownGraceMs: GRACE_MS,
    ...ending.codex,
  });
  const turn = new ChaosTurn(codex, watched);
  const outcome = await readOutcome(() => ending.take(turn));
  const { ms } = turn;
  const left = await leftOver(before, mark, watched.listeners);
  const problems = KINDS.filter((kind) =>
    left[kind] !== (kind === "processes" ? kept : 0)
  ).map((kind) => `${left[kind]} ${kind} left`);
  const running = findProcesses(mark);
  if (left.processes !== kept) {
    problems.push(...running.map(({ pid, command }) => `${pid} ${command}`));
  }
  if (left.fds > 0) {
    problems.push(...openFiles().filter((file) => !open.includes(file)));
  }
  for (const { pid } of running) endProcess(pid);
  if (ms > bound + SLACK_MS) problems.push(`${ms} ms, bound ${bound}`);
  if (outcome !== ending.outcome) problems.push(`expected ${ending.outcome}`);
  return { name, ms, bound, outcome, left, problems };
}

/** Returns what a task returns, or the code of the error that it throws. */
export async function readOutcome(
  task: () => Promise<unknown>,
): Promise<string> {
  try {
    return String(await task());
  } catch (error) {
    return error instanceof CodexError ? error.code : String(error);
  }
}
