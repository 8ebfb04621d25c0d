/**
 * What one row of the table of endings is made of, and how it is measured.
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

/** How long each signal is given in the rows, in ms. */
export const GRACE_MS = 400;

/** What the package gives a CLI to exit once its turn is decided, in ms. */
export const LINGER_MS = 2_000;

/** What it gives output to come once the CLI is gone, for each pipe, in ms. */
export const DRAIN_MS = 500;

/** How much later than its bound a turn may settle, in ms: the machine may be busy with others. */
const SLACK_MS = Number(process.env.CHAOS_SLACK_MS ?? 10_000);

/** What a row of the table measured. */
export interface Measured {
  /** How the turn ended. */
  readonly name: string;
  /** From what ended the turn until it was settled, in ms. */
  readonly ms: number;
  /** What the graces add up to, in ms. */
  readonly bound: number;
  /** What came of the turn. */
  readonly outcome: string;
  /** What was left. */
  readonly left: Counts;
  /** What is wrong; empty if the row holds. */
  readonly problems: readonly string[];
}

/** How the turn of a row ended. */
export interface Ending {
  /** The row's name. */
  readonly name: string;
  /** What the CLI does. */
  readonly steps: FakeSteps;
  /** What it may take at most, in ms, on a machine that does nothing else. */
  readonly bound: number;
  /** What is expected to come of the turn: a word of its own, or an error's code. */
  readonly outcome: string;
  /** How many processes stay on purpose. */
  readonly kept?: number;
  /** Options of the client. */
  readonly codex?: CodexOptions;
  /** Takes the turn to its end; what it throws is the outcome. */
  readonly take: (turn: ChaosTurn) => Promise<unknown>;
}

/** The turn of a row. */
export class ChaosTurn {
  /** Aborts the turn. */
  readonly controller: AbortController;
  readonly #codex: Codex;
  readonly #signal: AbortSignal;
  #begun = performance.now();

  /** Makes it for a client and a signal. */
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

  /** The time is measured from now on. */
  mark(): void {
    this.#begun = performance.now();
  }

  /** How long it took since then, in ms. */
  get ms(): number {
    return Math.round(performance.now() - this.#begun);
  }

  /** Aborts the turn now, which the time is measured from. */
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

  /** Opens the stream and takes events until one of a type, which it gives back the stream after. */
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
      // Has a temporary file written for every turn.
      outputSchema: { type: "object", properties: {}, required: [] },
      ...options,
    };
  }
}

/** Takes all that is left of a stream. */
export async function drain(streamed: StreamedTurn): Promise<string> {
  for await (const _ of streamed.events) {
    // What the events say is not the question here.
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

/** The code of what is thrown; what is returned otherwise. */
export async function readOutcome(
  task: () => Promise<unknown>,
): Promise<string> {
  try {
    return String(await task());
  } catch (error) {
    return error instanceof CodexError ? error.code : String(error);
  }
}
