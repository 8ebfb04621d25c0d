/** Helpers for the tests of the steps from bytes to turns. @module */

import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import {
  JsonlDecoder,
  type JsonlDecoderOptions,
  type JsonLine,
} from "../../src/stream/jsonl_decoder.ts";
import {
  JsonlDecoderStream,
  ThreadEventValidatorStream,
} from "../../streams.ts";
import type { LineProblem } from "../../src/errors/protocol_errors.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** Encodes a text as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Concatenates texts, as UTF-8, and single bytes. */
export function bytes(
  ...parts: readonly (string | number)[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...utf8(part)]
    ),
  );
}

/** Yields the bytes in chunks of one size. */
export function* splitIntoChunks(
  data: Uint8Array<ArrayBuffer>,
  size: number,
): Generator<Uint8Array<ArrayBuffer>, void> {
  for (let start = 0; start < data.length; start += size) {
    yield data.subarray(start, start + size);
  }
}

/** The result of decoding chunks. */
export interface Decoded {
  readonly lines: JsonLine[];
  readonly diagnostics: Diagnostic[];
  readonly problem: LineProblem | undefined;
}

/** Decodes chunks with `JsonlDecoder`, to their end or to the first problem. */
export function decode(
  chunks: Iterable<Uint8Array>,
  options: JsonlDecoderOptions = {},
): Decoded {
  const diagnostics: Diagnostic[] = [];
  const decoder = new JsonlDecoder({
    ...options,
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  const lines: JsonLine[] = [];
  for (const chunk of chunks) {
    const decoded = decoder.push(chunk);
    for (const line of decoded.lines) lines.push(line);
    if (decoded.problem !== undefined) {
      return { lines, diagnostics, problem: decoded.problem };
    }
  }
  const { lines: last, problem } = decoder.end();
  return { lines: lines.concat(last), diagnostics, problem };
}

/** Returns the values of a text's lines, decoded in one chunk. */
export function decodeValues(text: string): JsonObject[] {
  return decode([utf8(text)]).lines.map((line) => line.value);
}

/**
 * Reads a stream to its end; returns the values before an error together with the
 * error.
 */
export async function takeAll<T>(
  stream: ReadableStream<T>,
): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of stream) values.push(value);
    return { values, error: undefined };
  } catch (error) {
    return { values, error };
  }
}

/** Lists the names of the recorded streams, without `.jsonl`. */
export function fixtureNames(): string[] {
  return [...Deno.readDirSync(FIXTURES)]
    .filter((entry) => entry.name.endsWith(".jsonl"))
    .map((entry) => entry.name.slice(0, -".jsonl".length))
    .sort();
}

/** Reads a recorded stream's bytes. */
export function readFixture(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`${name}.jsonl`, FIXTURES));
}

/** Reads what the CLI printed on stderr; empty if nothing was recorded. */
export function readFixtureStderr(name: string): string {
  try {
    return Deno.readTextFileSync(new URL(`${name}.stderr.txt`, FIXTURES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Sends a recorded stream through the decoder and the validator, in small chunks. */
export async function fixtureEvents(
  name: string,
): Promise<{ events: ThreadEvent[]; diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const onDiagnostic = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const events = await Array.fromAsync(
    ReadableStream.from(splitIntoChunks(readFixture(name), 61))
      .pipeThrough(new JsonlDecoderStream({ onDiagnostic }))
      .pipeThrough(new ThreadEventValidatorStream({ onDiagnostic })),
  );
  return { events, diagnostics };
}
