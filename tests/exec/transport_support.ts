/** Runs turns of the exec transport to their end. @module */

import { NEW_THREAD } from "../../src/transport/origin.ts";
import { ExecTransport } from "../../src/exec/transport.ts";
import type { ProcessFacts } from "../../src/errors/turn_facts.ts";
import type { CodexOptions } from "../../src/options/options.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { StopCause, TurnEnding } from "../../src/transport/ending.ts";
import type { TurnBatch, TurnRequest } from "../../src/transport/transport.ts";
import { completedTurn } from "../../src/testing/fake.ts";

export const [THREAD_STARTED = ""]: readonly string[] = completedTurn("");

/** Builds a request for a plain turn. */
export function requestFor(rest: Partial<TurnRequest> = {}): TurnRequest {
  return {
    prompt: "Do it",
    images: [],
    threadId: null,
    origin: NEW_THREAD,
    threadOptions: {},
    outputSchema: undefined,
    cyberAccessProgram: undefined,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** A prepared turn. */
export interface PreparedTurn {
  /** Yields its batches, and returns its ending. */
  readonly run: AsyncGenerator<TurnBatch, TurnEnding, void>;
  /** Its ending, once it was run to the end. */
  ending: TurnEnding | null;
  /** Stops it. */
  stop(cause?: StopCause): void;
}

/**
 * Prepares a turn of an executable; a signal in the request stops it instead of `stop`.
 */
export function prepareTurn(
  program: string,
  request: Partial<TurnRequest> = {},
  options: CodexOptions = {},
): PreparedTurn {
  const transport = new ExecTransport({
    codexPathOverride: program,
    ...options,
  });
  return prepared(transport, request);
}

/** Prepares a turn of a transport. */
export function prepared(
  transport: ExecTransport,
  request: Partial<TurnRequest> = {},
): PreparedTurn {
  const stopped = new AbortController();
  const signal = request.signal ?? stopped.signal;
  return {
    run: transport.runTurn(requestFor({ ...request, signal })),
    ending: null,
    stop: (cause = { type: "aborted", reason: undefined }) =>
      stopped.abort(cause),
  };
}

/** The batches of a turn, and its ending. */
export interface Taken {
  batches: TurnBatch[];
  events: ThreadEvent[];
  ending: TurnEnding;
}

/**
 * Runs a turn to its end; `onBatch` is called with each batch before the next is
 * requested.
 */
export async function take(
  turn: PreparedTurn,
  onBatch: (batch: TurnBatch) => unknown = () => {},
): Promise<Taken> {
  const batches: TurnBatch[] = [];
  for (;;) {
    const { done, value } = await turn.run.next();
    if (done) {
      turn.ending = value;
      break;
    }
    batches.push(value);
    await onBatch(value);
  }
  return {
    batches,
    events: batches.flatMap((batch) => batch.events),
    ending: turn.ending,
  };
}

/** An ending of a type. If the CLI ran to its end, it has the facts of the process. */
type EndingOf<T extends TurnEnding["type"]> =
  & Extract<TurnEnding, { type: T }>
  & (T extends "exited" | "protocol_error" ? { process: ProcessFacts }
    : unknown);

/** Returns the ending if it has the type; fails otherwise. */
export function readEnding<T extends TurnEnding["type"]>(
  { ending }: { readonly ending: TurnEnding | null },
  type: T,
): EndingOf<T> {
  if (ending?.type === type) {
    const hasRun = type === "exited" || type === "protocol_error";
    if (!hasRun || "process" in ending && ending.process !== null) {
      return ending as EndingOf<T>;
    }
  }
  throw new Error(`The ending is no ${type}: ${Deno.inspect(ending)}`);
}

/**
 * Runs a task with its own folder for temporary files, and lists what is left there.
 * Only this thread creates files there: `TMPDIR` belongs to the whole process.
 */
export async function withTempFolder(
  task: (folder: string) => Promise<void>,
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "acodex-tmp-" });
  const { makeTempDir } = Deno;
  Object.assign(Deno, {
    makeTempDir: (options?: Deno.MakeTempOptions) =>
      makeTempDir({ dir: folder, ...options }),
  });
  try {
    await task(folder);
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) =>
      name
    );
  } finally {
    Object.assign(Deno, { makeTempDir });
    await Deno.remove(folder, { recursive: true });
  }
}
