/** Runs turns of the exec transport to their end. @module */

import { ExecTransport } from "../../src/exec/transport.ts";
import type { CodexOptions } from "../../src/options/options.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type {
  TransportTurn,
  TurnBatch,
  TurnEnding,
  TurnRequest,
} from "../../src/transport/transport.ts";

export const THREAD_STARTED: string =
  '{"type":"thread.started","thread_id":"01a204fd-5d2f-7c33-a821-7f8c92f2a0ef"}';

/** A request for a plain turn. */
export function requestFor(rest: Partial<TurnRequest> = {}): TurnRequest {
  return {
    prompt: "Do it",
    images: [],
    threadId: null,
    threadOptions: {},
    outputSchema: undefined,
    cyberAccessProgram: undefined,
    signal: undefined,
    ...rest,
  };
}

/** Prepares a turn of a program. */
export function turnOf(
  program: string,
  request: Partial<TurnRequest> = {},
  options: CodexOptions = {},
): TransportTurn {
  const transport = new ExecTransport({
    codexPathOverride: program,
    ...options,
  });
  return transport.startTurn(requestFor(request));
}

/** What a turn gave. */
export interface Taken {
  batches: TurnBatch[];
  events: ThreadEvent[];
  ending: TurnEnding;
}

/** Takes a turn to its end; `onBatch` is told of each batch before the next is asked for. */
export async function take(
  turn: TransportTurn,
  onBatch: (batch: TurnBatch) => unknown = () => {},
): Promise<Taken> {
  const batches: TurnBatch[] = [];
  for await (const batch of turn.batches) {
    batches.push(batch);
    await onBatch(batch);
  }
  if (turn.ending === null) throw new Error("A turn ended without an ending");
  return {
    batches,
    events: batches.flatMap((batch) => batch.events),
    ending: turn.ending,
  };
}

/** The ending, if it is of a type; fails otherwise. */
export function endingOf<T extends TurnEnding["type"]>(
  { ending }: { readonly ending: TurnEnding | null },
  type: T,
): Extract<TurnEnding, { type: T }> {
  if (ending?.type === type) {
    return ending as Extract<TurnEnding, { type: T }>;
  }
  throw new Error(`The ending is no ${type}: ${Deno.inspect(ending)}`);
}

/** Runs something with a folder of its own for temporary files, and tells what is left in it. */
export async function withTempFolder(
  task: (folder: string) => Promise<void>,
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "acodex-tmp-" });
  const before = Deno.env.get("TMPDIR");
  Deno.env.set("TMPDIR", folder);
  try {
    await task(folder);
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) =>
      name
    );
  } finally {
    if (before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", before);
    await Deno.remove(folder, { recursive: true });
  }
}
