import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import {
  DEFAULT_MAX_LINE_BYTES,
  JsonlDecoder,
} from "../../src/stream/jsonl_decoder.ts";
import { bytes, decode, splitIntoChunks, utf8 } from "./support.ts";

/** Returns a line of exactly `length` bytes. */
function makeLine(length: number): string {
  return `{"a":"${"x".repeat(length - 8)}"}`;
}

Deno.test("JsonlDecoder stops at a line that begins like an object but is not one, after the lines before it", () => {
  const broken = ['{"a":', "{", "{]", '{"a":1}}', "{'a':1}", '\u001b[0m{"a"'];
  for (const line of broken) {
    const data = utf8(`\n{"a":1}\nnoise\n${line}\n{"b":2}\n`);
    for (const size of [1, 5, data.length]) {
      const { lines, diagnostics, problem } = decode(
        splitIntoChunks(data, size),
      );
      assertEquals(lines, [{ lineNumber: 2, value: { a: 1 } }]);
      assertEquals(diagnostics.map((one) => one.lineNumber), [3]);
      assertEquals(problem?.code, "invalid_json");
      assertEquals(problem?.lineNumber, 4);
      assertEquals(
        problem?.message,
        "Cannot parse line 4 of the CLI's output: it begins like a JSON object but is not one",
      );
      assertInstanceOf(problem?.cause, SyntaxError);
    }
  }
});

Deno.test("JsonlDecoder stops at a last object that is cut off", () => {
  const { lines, problem } = decode([utf8('{"a":1}\n{"type":"turn.comp')]);
  assertEquals(lines.length, 1);
  assertEquals(problem?.code, "invalid_json");
  assertEquals(problem?.lineNumber, 2);
});

Deno.test("JsonlDecoder reads a line of exactly maxLineBytes, and rejects one byte more", () => {
  const maxLineBytes = 20;
  for (const ending of ["", "\n"]) {
    for (const size of [1, 3, 19, 20, 21, 1000]) {
      const fits = utf8(`{"b":1}\n${makeLine(20)}${ending}`);
      const at = `ending ${JSON.stringify(ending)}, chunks of ${size}`;
      const good = decode(splitIntoChunks(fits, size), { maxLineBytes });
      assertEquals(good.lines.length, 2, at);
      assertEquals(good.problem, undefined, at);

      const over = utf8(`{"b":1}\n${makeLine(21)}${ending}`);
      const bad = decode(splitIntoChunks(over, size), { maxLineBytes });
      assertEquals(bad.lines, [{ lineNumber: 1, value: { b: 1 } }], at);
      assertEquals(bad.problem, {
        code: "line_too_long",
        lineNumber: 2,
        message:
          "Cannot read line 2 of the CLI's output: longer than 20 bytes (maxLineBytes)",
      }, at);
    }
  }
});

Deno.test("JsonlDecoder measures maxLineBytes in bytes, not in characters", () => {
  const line = '{"a":"€€"}';
  const maxLineBytes = utf8(line).length;
  assertEquals(maxLineBytes, line.length + 4);
  const data = utf8(`${line}\n`);
  assertEquals(decode([data], { maxLineBytes }).problem, undefined);
  assertEquals(
    decode([data], { maxLineBytes: maxLineBytes - 1 }).problem?.code,
    "line_too_long",
  );
});

Deno.test("JsonlDecoder applies maxLineBytes to noise and blank lines too", () => {
  for (const character of ["x", " "]) {
    const data = utf8(`{"a":1}\n${character.repeat(11)}\n`);
    const { problem } = decode([data], { maxLineBytes: 10 });
    assertEquals(problem?.code, "line_too_long");
    assertEquals(problem?.lineNumber, 2);
  }
});

Deno.test("JsonlDecoder measures each line separately: many short lines are never too long", () => {
  const data = utf8('{"a":1}\n'.repeat(1000));
  for (const size of [1, 7, 8, 9, data.length]) {
    const { lines, problem } = decode(splitIntoChunks(data, size), {
      maxLineBytes: 7,
    });
    assertEquals(lines.length, 1000);
    assertEquals(problem, undefined);
  }
});

Deno.test("JsonlDecoder rejects a long line with the chunk that makes it too long, before its end", () => {
  const decoder = new JsonlDecoder({ maxLineBytes: 100 });
  const chunk = utf8(`{"a":"${"x".repeat(44)}`);
  assertEquals(decoder.push(chunk), { lines: [] });
  assertEquals(decoder.push(chunk), { lines: [] });
  assertEquals(decoder.push(bytes("x")).problem?.code, "line_too_long");
});

Deno.test("JsonlDecoder reports the earlier of two problems in a chunk", () => {
  const data = utf8(`{"a":1}\n{broken\n${makeLine(100)}\n`);
  const { lines, problem } = decode([data], { maxLineBytes: 50 });
  assertEquals(lines.length, 1);
  assertEquals(problem?.code, "invalid_json");
  assertEquals(problem?.lineNumber, 2);
});

Deno.test("JsonlDecoder rejects a maxLineBytes that is not a whole number above 0", () => {
  const values: unknown[] = [0, -1, 1.5, NaN, Infinity, "100", null];
  for (const value of values) {
    const error = assertThrows(
      () => new JsonlDecoder({ maxLineBytes: value as number }),
      CodexInputError,
      `maxLineBytes must be a whole number of bytes above 0, got ${value}`,
    );
    assertEquals(error.path, "maxLineBytes");
  }
});

Deno.test("JsonlDecoder has a maxLineBytes of 384 MiB by default", () => {
  assertEquals(DEFAULT_MAX_LINE_BYTES, 402_653_184);
});
