/**
 * Not a host, but the program of a worker that calls the blocking client for
 * `support/driven_client.ts`: one call at a time, each of which blocks the worker.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import {
  CodexThreadStreamNotConsumedError,
  type ThreadEvent,
} from "@acodex/sdk";
import {
  CancelFlag,
  CodexSync,
  type InputSync,
  type StreamedTurnSync,
  type ThreadSync,
  type TurnOptionsSync,
} from "@acodex/sdk/sync";
import type {
  Call,
  CallAnswer,
  Step,
  StepOutcome,
  ThreadCall,
  TurnCallOptions,
} from "../support/calls.ts";
import { pack } from "../support/packed.ts";
import { TYPES } from "../support/types.ts";

/** A streamed turn. */
interface Streamed {
  readonly thread: ThreadSync;
  readonly streamed: StreamedTurnSync;
  /** The last report of `result`: none, that it throws while the turn runs, or its final value or error. */
  told: "nothing" | "unfinished" | "result";
}

const threads = new Map<number, ThreadSync>();
const turns = new Map<number, Streamed>();

parentPort?.on("message", (call: Call) => {
  parentPort?.postMessage(answer(call));
});

/** Executes a call and returns its result. */
function answer(call: Call): CallAnswer {
  switch (call.type) {
    case "run": {
      const thread = findThread(call.thread);
      const step = runStep(() => ({
        turn: thread.run(call.input as InputSync, makeOptions(call.options)),
      }));
      return { threadId: thread.id, steps: [step] };
    }
    case "runStreamed": {
      const thread = findThread(call.thread);
      const step = runStep(() => {
        const streamed = thread.runStreamed(
          call.input as InputSync,
          makeOptions(call.options),
        );
        const turn: Streamed = { thread, streamed, told: "nothing" };
        turns.set(call.turn, turn);
        return reportNewResult(turn);
      });
      return { threadId: thread.id, steps: [step] };
    }
    default: {
      const turn = turns.get(call.turn);
      if (turn === undefined) throw new Error(`There is no turn ${call.turn}`);
      return { steps: goOn(turn, call), threadId: turn.thread.id };
    }
  }
}

/** Continues a streamed turn. */
function goOn(
  turn: Streamed,
  call: Extract<Call, { type: "next" | "return" | "dispose" }>,
): Step[] {
  const { streamed } = turn;
  switch (call.type) {
    case "next": {
      const steps: Step[] = [];
      const next = (): Step["next"] => streamed.events.next();
      do steps.push(eventStep(turn, next, call.count === 1)); while (
        steps.length < call.count && steps.at(-1)?.next?.done === false
      );
      return steps;
    }
    case "return":
      return [eventStep(turn, () => streamed.events.return())];
    case "dispose":
      return [eventStep(turn, () => streamed[Symbol.dispose]())];
  }
}

/** Advances the events by one step, and reports `result`: always, or only at the end of the events. */
function eventStep(
  turn: Streamed,
  action: () => IteratorResult<ThreadEvent, void> | void,
  always = true,
): Step {
  let next: Step["next"];
  const step = runStep(() => {
    const given = action();
    if (given !== undefined) next = given;
    return {};
  }, () => always || next?.done !== false ? reportNewResult(turn) : {});
  return { ...step, next };
}

/** Runs an action and returns its outcome, together with the outcome of `after`. */
function runStep(
  action: () => StepOutcome,
  after: () => StepOutcome = () => ({}),
): Step {
  let outcome: StepOutcome;
  try {
    outcome = action();
  } catch (error) {
    outcome = { thrown: { error } };
  }
  // Packed together, so that a thrown error and the result's error are the same object.
  outcome = { ...outcome, ...after() };
  return Object.keys(outcome).length === 0 ? {} : { outcome: pack(outcome) };
}

/** Returns what `result` returns or throws, unless that has been reported. */
function reportNewResult(turn: Streamed): Pick<StepOutcome, "result"> {
  if (turn.told === "result") return {};
  try {
    const result = { turn: turn.streamed.result };
    turn.told = "result";
    return { result };
  } catch (error) {
    const told = error instanceof CodexThreadStreamNotConsumedError
      ? "unfinished"
      : "result";
    if (told === turn.told) return {};
    turn.told = told;
    return { result: { error } };
  }
}

function findThread({ number, codex, options, id }: ThreadCall): ThreadSync {
  const client = new CodexSync(codex);
  const thread = threads.get(number) ??
    (id === null
      ? client.startThread(options)
      : client.resumeThread(id, options));
  threads.set(number, thread);
  return thread;
}

function makeOptions(
  { cancel, typeName, ...options }: TurnCallOptions,
): TurnOptionsSync {
  return {
    ...options,
    ...cancel && { signal: new CancelFlag(cancel) },
    ...typeName && { outputType: TYPES[typeName] },
  };
}
