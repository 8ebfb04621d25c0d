import { assertEquals, assertInstanceOf } from "@std/assert";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import {
  JsonlDecoderStream,
  ThreadEventValidatorStream,
} from "../../streams.ts";
import { CodexProtocolError } from "../../src/errors/protocol_errors.ts";
import { splitIntoChunks, takeAll, utf8 } from "./support.ts";

const STREAM = utf8([
  "",
  '{"type":"turn.started"}',
  '{"type":"item.completed","item":{"id":"1","type":"reasoning","text":1}}',
  '{"type":"error","message":"no"}',
  "",
].join("\n"));

Deno.test("ThreadEventValidatorStream yields an event for each line, and reports diagnostics with the line's number", async () => {
  const diagnostics: Diagnostic[] = [];
  const { values, error } = await takeAll(
    ReadableStream.from([STREAM])
      .pipeThrough(new JsonlDecoderStream())
      .pipeThrough(
        new ThreadEventValidatorStream({
          onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
        }),
      ),
  );
  assertEquals(error, undefined);
  assertEquals(values.map((event) => event.type), [
    "turn.started",
    "item.completed",
    "error",
  ]);
  assertEquals(
    diagnostics.map(({ kind, lineNumber, path }) => [kind, lineNumber, path]),
    [["invalid", 3, "/item/text"]],
  );
});

Deno.test("ThreadEventValidatorStream with strict delivers the events before one that it rejects, then fails with the line's number", async () => {
  for (const size of [1, STREAM.length]) {
    const { values, error } = await takeAll(
      ReadableStream.from(splitIntoChunks(STREAM, size))
        .pipeThrough(new JsonlDecoderStream())
        .pipeThrough(new ThreadEventValidatorStream({ strict: true })),
    );
    assertEquals(values, [{ type: "turn.started" }]);
    assertInstanceOf(error, CodexProtocolError);
    assertEquals([error.code, error.lineNumber], ["unexpected_event", 3]);
  }
});

Deno.test("ThreadEventValidatorStream delivers the events before a broken line, then the decoder's error", async () => {
  const broken = utf8('{"type":"turn.started"}\n{"type":\n');
  const { values, error } = await takeAll(
    ReadableStream.from([broken])
      .pipeThrough(new JsonlDecoderStream())
      .pipeThrough(new ThreadEventValidatorStream()),
  );
  assertEquals(values, [{ type: "turn.started" }]);
  assertInstanceOf(error, CodexProtocolError);
  assertEquals([error.code, error.lineNumber], ["invalid_json", 2]);
});

Deno.test("ThreadEventValidatorStream cancels its source when it fails", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const source = new ReadableStream({
    start: (controller) => controller.enqueue(STREAM),
    cancel: resolve,
  });
  const { error } = await takeAll(
    source.pipeThrough(new JsonlDecoderStream())
      .pipeThrough(new ThreadEventValidatorStream({ strict: true })),
  );
  assertEquals(await promise, error);
});
