import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import * as z from "zod";
import { CodexStructuredResponseError, Turn } from "../../mod.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { TurnResult } from "../../streams.ts";
import { agentMessage, usage } from "../../testing.ts";

const Answer = z.object({ n: z.number() });

function readResult(finalResponse: string): TurnResult {
  return {
    threadId: "a",
    items: [agentMessage(finalResponse, { id: "item_0" })],
    finalResponse,
    usage: usage({
      input_tokens: 30,
      cached_input_tokens: 12,
      output_tokens: 15,
      reasoning_output_tokens: 3,
    }),
    turnUsage: null,
    warnings: ["Reconnecting... 1/5"],
    diagnostics: [{ kind: "noise", lineNumber: 1, path: "", message: "x" }],
  };
}

/** Returns the error that reading the answer throws. */
function readError(turn: Turn<unknown>): CodexStructuredResponseError {
  return assertThrows(
    () => turn.structuredResponse,
    CodexStructuredResponseError,
  );
}

Deno.test("Turn has the fields of its result", async () => {
  const result = readResult("Hello");
  const turn = new Turn(result, await structuredOutput({}));
  const { threadId, items, finalResponse, usage } = turn;
  const { turnUsage, warnings, diagnostics } = turn;
  assertEquals(
    {
      threadId,
      items,
      finalResponse,
      usage,
      turnUsage,
      warnings,
      diagnostics,
    },
    result,
  );
  assertStrictEquals(turn.items, result.items);
});

Deno.test("Turn reads structuredResponse once, on first access", () => {
  let reads = 0;
  const turn = new Turn(readResult('{"n":1}'), {
    schema: undefined,
    read(text): unknown {
      reads += 1;
      return JSON.parse(text);
    },
  });
  assertEquals(reads, 0);
  const first = turn.structuredResponse;
  assertEquals(first, { n: 1 });
  assertStrictEquals(turn.structuredResponse, first);
  assertEquals(reads, 1);
});

Deno.test("Turn caches a structuredResponse of undefined or null too", () => {
  for (const value of [undefined, null]) {
    let reads = 0;
    const turn = new Turn(readResult(""), {
      schema: undefined,
      read(): unknown {
        reads += 1;
        return value;
      },
    });
    assertEquals([turn.structuredResponse, turn.structuredResponse], [
      value,
      value,
    ]);
    assertEquals(reads, 1);
  }
});

Deno.test("Turn returns the answer as outputType parses it", async () => {
  const output = await structuredOutput({
    outputType: z.object({ n: z.string().transform(Number) }),
  });
  assertEquals(new Turn(readResult('{"n":"7"}'), output).structuredResponse, {
    n: 7,
  });
});

Deno.test("Turn returns the answer as JSON if only outputSchema was given", async () => {
  const output = await structuredOutput({ outputSchema: {} });
  assertEquals(new Turn(readResult("[1]"), output).structuredResponse, [1]);
});

Deno.test("Turn throws the same error on each access to structuredResponse, and not before", async () => {
  const outputs = [
    await structuredOutput({}),
    await structuredOutput({ outputSchema: {} }),
    await structuredOutput({ outputType: Answer }),
  ];
  for (const output of outputs) {
    const turn = new Turn<unknown>(readResult("no JSON"), output);
    assertEquals(turn.finalResponse, "no JSON");
    assertStrictEquals(readError(turn), readError(turn));
  }
});

Deno.test("Turn's error carries the answer, the issues and the turn", async () => {
  const result = readResult('{"n":"1"}');
  const output = await structuredOutput({ outputType: Answer });
  const error = readError(new Turn(result, output));
  const start =
    'Failed to validate structured response against output schema: at "/n": ';
  assertEquals(error.message.slice(0, start.length), start);
  assertEquals(error.code, "invalid_structured_response");
  assertEquals(error.responseText, '{"n":"1"}');
  assertEquals(error.issues.map((issue) => issue.path), ["/n"]);
  assertInstanceOf(error.cause, Error);
  assertStrictEquals(error.items, result.items);
  assertStrictEquals(error.usage, result.usage);
  assertEquals([error.threadId, error.exitCode], ["a", 0]);
  assertEquals(error.warnings, result.warnings);
  assertEquals(error.diagnostics, result.diagnostics);
});

Deno.test("Turn passes on an error thrown by the type's code, the same one each time", async () => {
  const fault = new RangeError("the transform's own");
  const output = await structuredOutput({
    outputType: z.object({
      n: z.number().transform(() => {
        throw fault;
      }),
    }),
  });
  const turn = new Turn<unknown>(readResult('{"n":1}'), output);
  for (const _ of [1, 2]) {
    assertStrictEquals(
      assertThrows(() => turn.structuredResponse, RangeError),
      fault,
    );
  }
});

Deno.test("Turn can be printed without reading its answer", async () => {
  const turn = new Turn(
    readResult("no JSON"),
    await structuredOutput({ outputType: Answer }),
  );
  assertEquals(Deno.inspect(turn).includes("no JSON"), true);
  assertEquals(JSON.parse(JSON.stringify(turn)).finalResponse, "no JSON");
});
