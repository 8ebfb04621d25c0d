import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { JsonlDecoderStream } from "../../streams.ts";
import {
  CodexLineTooLongError,
  CodexProtocolError,
} from "../../src/errors/protocol_errors.ts";
import { splitIntoChunks, takeAll, utf8 } from "./support.ts";
import { wait } from "../../src/testing/waiting.ts";

const TEXT_ERROR =
  "JsonlDecoderStream needs bytes (Uint8Array), and got a value of type string";

const GOOD = '{"a":1}\n{"b":2}\n';

/** A source that sends chunks and then stays open; reports why it was cancelled. */
function openSource(...chunks: readonly string[]): {
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  cancelled: Promise<unknown>;
} {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const stream = new ReadableStream({
    start(controller): void {
      for (const chunk of chunks) controller.enqueue(utf8(chunk));
    },
    cancel: resolve,
  });
  return { stream, cancelled: promise };
}

Deno.test("JsonlDecoderStream yields the same lines and diagnostics for chunks of any size", async () => {
  const data = utf8(`noise\n${GOOD}\r\n{"c":"€"}`);
  for (const size of [1, 4, data.length]) {
    const diagnostics: Diagnostic[] = [];
    const lines = await Array.fromAsync(
      ReadableStream.from(splitIntoChunks(data, size)).pipeThrough(
        new JsonlDecoderStream({
          onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
        }),
      ),
    );
    assertEquals(lines, [
      { lineNumber: 2, value: { a: 1 } },
      { lineNumber: 3, value: { b: 2 } },
      { lineNumber: 5, value: { c: "€" } },
    ]);
    assertEquals(diagnostics.map((one) => one.lineNumber), [1]);
  }
});

Deno.test("JsonlDecoderStream rejects text, and cancels its source", async () => {
  const { stream, cancelled } = openSource(GOOD);
  const { error } = await takeAll(
    stream.pipeThrough(new TextDecoderStream())
      .pipeThrough(new JsonlDecoderStream() as unknown as ReadableWritablePair),
  );
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.message.split(";")[0], TEXT_ERROR);
  await cancelled;
});

Deno.test("JsonlDecoderStream ends with an empty source", async () => {
  const lines = new Blob([]).stream().pipeThrough(new JsonlDecoderStream());
  assertEquals(await Array.fromAsync(lines), []);
});

Deno.test("JsonlDecoderStream delivers the lines before a broken one, then fails with its number", async () => {
  const data = utf8(`${GOOD}{broken\n{"c":3}\n`);
  for (const size of [1, 5, data.length]) {
    const { values, error } = await takeAll(
      ReadableStream.from(splitIntoChunks(data, size))
        .pipeThrough(new JsonlDecoderStream()),
    );
    assertEquals(values.map((line) => line.value), [{ a: 1 }, { b: 2 }]);
    assertInstanceOf(error, CodexProtocolError);
    assertEquals([error.code, error.lineNumber], ["invalid_json", 3]);
    assertInstanceOf(error.cause, SyntaxError);
  }
});

Deno.test("JsonlDecoderStream delivers the lines before a too long one, then fails", async () => {
  const data = utf8(`${GOOD}{"c":"${"x".repeat(50)}"}\n{"d":4}\n`);
  for (const size of [1, 5, data.length]) {
    const { values, error } = await takeAll(
      ReadableStream.from(splitIntoChunks(data, size))
        .pipeThrough(new JsonlDecoderStream({ maxLineBytes: 20 })),
    );
    assertEquals(values.map((line) => line.value), [{ a: 1 }, { b: 2 }]);
    assertInstanceOf(error, CodexLineTooLongError);
    assertEquals([error.code, error.lineNumber], ["line_too_long", 3]);
  }
});

Deno.test("JsonlDecoderStream fails at a last object that the end cuts off", async () => {
  const { values, error } = await takeAll(
    ReadableStream.from([utf8(`${GOOD}{"type":"turn.comp`)])
      .pipeThrough(new JsonlDecoderStream()),
  );
  assertEquals(values.length, 2);
  assertInstanceOf(error, CodexProtocolError);
  assertEquals(error.lineNumber, 3);
});

Deno.test("JsonlDecoderStream delivers the lines before a broken one even if its input is closed right after", async () => {
  const decoder = new JsonlDecoderStream();
  const writer = decoder.writable.getWriter();
  const written = Promise.allSettled([
    writer.write(utf8(`${GOOD}{broken\n`)),
    writer.close(),
  ]);
  await wait(5);
  const { values, error } = await takeAll(decoder.readable);
  assertEquals(values.map((line) => line.value), [{ a: 1 }, { b: 2 }]);
  assertInstanceOf(error, CodexProtocolError);
  await written;
});

Deno.test("JsonlDecoderStream cancels its source when it fails", async () => {
  const { stream, cancelled } = openSource(`${GOOD}{broken\n`);
  const { error } = await takeAll(stream.pipeThrough(new JsonlDecoderStream()));
  assertInstanceOf(error, CodexProtocolError);
  assertEquals(await cancelled, error);
});

Deno.test("JsonlDecoderStream delivers the lines before its source's error, then that error", async () => {
  const fault = new Error("the pipe broke");
  const source = ReadableStream.from(async function* () {
    yield utf8(GOOD);
    // Later, so that the chunk has been read.
    await wait(5);
    throw fault;
  }());
  const { values, error } = await takeAll(
    source.pipeThrough(new JsonlDecoderStream()),
  );
  assertEquals(values.length, 2);
  assertEquals(error, fault);
});

Deno.test("JsonlDecoderStream cancels its source when it is cancelled before the first read", async () => {
  const { stream, cancelled } = openSource(GOOD);
  await stream.pipeThrough(new JsonlDecoderStream()).cancel("not wanted");
  assertEquals(await cancelled, "not wanted");
});

Deno.test("JsonlDecoderStream cancels its source when it is cancelled between two lines", async () => {
  const { stream, cancelled } = openSource(GOOD);
  const reader = stream.pipeThrough(new JsonlDecoderStream()).getReader();
  assertEquals((await reader.read()).value?.lineNumber, 1);
  await reader.cancel("enough");
  assertEquals(await cancelled, "enough");
});

Deno.test("JsonlDecoderStream cancels its source when it is cancelled while it waits for bytes", async () => {
  const diagnostics: Diagnostic[] = [];
  const { stream, cancelled } = openSource(`${GOOD}half a line`);
  const reader = stream.pipeThrough(
    new JsonlDecoderStream({
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    }),
  ).getReader();
  await reader.read();
  await reader.read();
  const waiting = reader.read();
  await reader.cancel("no more");
  assertEquals(await waiting, { done: true, value: undefined });
  assertEquals(await cancelled, "no more");
  assertEquals(diagnostics, []);
});

Deno.test("JsonlDecoderStream cancels its source when a loop over it is left early", async () => {
  const { stream, cancelled } = openSource(GOOD);
  for await (const line of stream.pipeThrough(new JsonlDecoderStream())) {
    assertEquals(line.lineNumber, 1);
    break;
  }
  await cancelled;
});

Deno.test("JsonlDecoderStream reads no more bytes than are requested", async () => {
  let pulls = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller): void {
      pulls += 1;
      controller.enqueue(utf8(GOOD));
    },
  });
  const reader = source.pipeThrough(new JsonlDecoderStream()).getReader();
  await reader.read();
  await wait(20);
  // One for the line, and one for each queue in between.
  assertEquals(pulls <= 4, true, `${pulls} pulls`);
  await reader.cancel();
});

Deno.test("JsonlDecoderStream rejects an invalid maxLineBytes when it is constructed", () => {
  assertThrows(
    () => new JsonlDecoderStream({ maxLineBytes: 0 }),
    CodexInputError,
  );
});
