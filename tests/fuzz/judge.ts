/**
 * Passes a stream through the decoder, the validator and the reducer, and compares the
 * result with the oracle.
 *
 * @module
 */

import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import { EventParser } from "../../src/stream/event_parser.ts";
import {
  JsonlDecoderStream,
  ThreadEventValidatorStream,
} from "../../streams.ts";
import { noteDiagnostic, reduceTurn } from "../../src/turn/reduce.ts";
import { initialTurnState } from "../../src/turn/state.ts";
import type { LineProblem } from "../../src/errors/protocol_errors.ts";
import { takeAll } from "../stream/support.ts";
import type { Mutated } from "./mutate.ts";
import { type Expected, foldObjects, isObject, readLines } from "./oracle.ts";

/** The result of reading a stream. */
interface Read {
  readonly events: readonly ThreadEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly problem: LineProblem | undefined;
}

/** Returns the first difference from the oracle; `undefined` if there is none. */
export function judge({ bytes, chunks }: Mutated): string | undefined {
  const expected = readLines(bytes);
  const read = readAll(chunks);
  return compareEvents(read, expected) ?? compareNoise(read, expected) ??
    compareTurn(read, expected);
}

/**
 * Does the same for the transform streams, of which only the events and the error are
 * visible.
 */
export async function judgeStreams(
  { bytes, chunks }: Mutated,
): Promise<string | undefined> {
  const diagnostics: Diagnostic[] = [];
  const onDiagnostic = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const { values, error } = await takeAll(
    ReadableStream.from(chunks)
      .pipeThrough(new JsonlDecoderStream({ onDiagnostic }))
      .pipeThrough(new ThreadEventValidatorStream({ onDiagnostic })),
  );
  const problem = error === undefined
    ? undefined
    : (error as { problem?: LineProblem }).problem;
  if (error !== undefined && problem === undefined) return `threw ${error}`;
  const expected = readLines(bytes);
  const read = { events: values, diagnostics, problem };
  return compareEvents(read, expected) ?? compareNoise(read, expected);
}

function readAll(chunks: Mutated["chunks"]): Read {
  const parser = new EventParser({ strict: false, maxLineBytes: undefined });
  const events: ThreadEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const chunk of [...chunks, undefined]) {
    const { batch, problem } = chunk === undefined
      ? parser.end()
      : parser.push(chunk);
    events.push(...batch.events);
    diagnostics.push(...batch.diagnostics);
    if (problem !== undefined) return { events, diagnostics, problem };
  }
  return { events, diagnostics, problem: undefined };
}

/** Checks that every object is an event, in order and with all its content. */
function compareEvents(read: Read, expected: Expected): string | undefined {
  const { lines, broken } = expected;
  if (read.events.length !== lines.length) {
    return `${read.events.length} events of ${lines.length} objects`;
  }
  for (const [index, { lineNumber, value }] of lines.entries()) {
    const event = read.events[index];
    const told = JSON.stringify(readRaw(event));
    const held = JSON.stringify(
      event?.type === "unknown" ? value : withLaterFields(value),
    );
    if (told !== held) return `line ${lineNumber}: ${told} of ${held}`;
  }
  const { problem } = read;
  if (problem?.lineNumber !== broken) {
    return `problem at line ${problem?.lineNumber}, expected at ${broken}`;
  }
  return problem === undefined || problem.code === "invalid_json"
    ? undefined
    : `problem ${problem.code}`;
}

/** Returns the object from which an event was read, as far as the event shows it. */
function readRaw(event: ThreadEvent | undefined): unknown {
  if (event === undefined) return undefined;
  if (event.type === "unknown") return event.raw;
  if (!("item" in event) || event.item.type !== "unknown") return event;
  return { ...event, item: event.item.raw };
}

/** Adds two token counts that CLIs before 0.163 omit; they are zero then. */
function withLaterFields(value: JsonObject): JsonObject {
  const { type, usage } = value;
  if (type !== "turn.completed" || !isObject(usage)) return value;
  const counts = { ...(usage as JsonObject) };
  counts.cache_write_input_tokens ??= 0;
  counts.reasoning_output_tokens ??= 0;
  return { ...value, usage: counts };
}

function compareNoise(read: Read, { noise }: Expected): string | undefined {
  const told = read.diagnostics.filter(({ kind }) => kind === "noise")
    .map(({ lineNumber }) => lineNumber);
  return told.join() === noise.join()
    ? undefined
    : `noise in lines ${told}, expected in ${noise}`;
}

function compareTurn(read: Read, { lines }: Expected): string | undefined {
  let state = initialTurnState();
  for (const event of read.events) state = reduceTurn(state, event);
  for (const each of read.diagnostics) state = noteDiagnostic(state, each);
  const expected = foldObjects(lines.map(({ value }) => value));
  if (state.items.length !== expected.items) {
    return `${state.items.length} items of ${expected.items}`;
  }
  return state.status === expected.status
    ? undefined
    : `status ${state.status}, expected ${expected.status}`;
}
