import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import * as z from "zod";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { TurnResult } from "../../src/turn/finish.ts";
import { Turn } from "../../src/turn/turn.ts";
import { CodexStructuredResponseError } from "../../src/errors/turn_errors.ts";

/** The number of calls of the validator. */
let asked = 0;

async function isSmall(value: number): Promise<boolean> {
  asked += 1;
  await Promise.resolve();
  return value < 10;
}

const Standard = toStandardJsonSchema(v.object({ n: v.number() }));

const TYPES: { readonly [name: string]: OutputType<{ n: number }> } = {
  "zod with an asynchronous refinement": z.object({
    n: z.number().refine(isSmall, "is too large"),
  }),
  "a Standard Schema that validates asynchronously": {
    "~standard": {
      ...Standard["~standard"],
      async validate(value: unknown) {
        const { n } = value as { n: number };
        return await isSmall(n)
          ? { value: { n } }
          : { issues: [{ message: "is too large", path: ["n"] }] };
      },
    },
  },
  "an asynchronous parse function": {
    schema: {
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
    },
    async parse(value: unknown): Promise<{ n: number }> {
      const { n } = value as { n: number };
      if (await isSmall(n)) return { n };
      throw Object.assign(new Error("is too large"), {
        issues: [{ message: "is too large", path: [{ key: "n" }] }],
      });
    },
  },
  "a parse function that returns a query, which is thenable and no promise": {
    schema: {
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
    },
    parse(value: unknown): Promise<{ n: number }> {
      const { n } = value as { n: number };
      const query: PromiseLike<{ n: number }> = {
        then: (onFulfilled, onRejected) =>
          isSmall(n).then((small) => {
            if (small) return { n };
            throw Object.assign(new Error("is too large"), {
              issues: [{ message: "is too large", path: ["n"] }],
            });
          }).then(onFulfilled, onRejected),
      };
      return query as Promise<{ n: number }>;
    },
  },
};

async function makeTurn(
  outputType: OutputType<{ n: number }>,
  finalResponse: string,
): Promise<Turn<{ n: number }>> {
  const result: TurnResult = {
    threadId: "a",
    items: [],
    finalResponse,
    usage: null,
    turnUsage: null,
    warnings: [],
    diagnostics: [],
  };
  return new Turn(result, await structuredOutput({ outputType }));
}

for (const [name, outputType] of Object.entries(TYPES)) {
  Deno.test(`Turn.readStructuredResponse waits for ${name}, and structuredResponse has the answer afterwards`, async () => {
    const turn = await makeTurn(outputType, '{"n":1}');
    const response = await turn.readStructuredResponse();
    assertEquals(response, { n: 1 });
    assertStrictEquals(turn.structuredResponse, response);
    assertStrictEquals(await turn.readStructuredResponse(), response);
  });

  Deno.test(`Turn.structuredResponse tells how to read the answer with ${name}, and reads it once`, async () => {
    asked = 0;
    const turn = await makeTurn(outputType, '{"n":1}');
    for (const _ of [1, 2]) {
      assertThrows(
        () => turn.structuredResponse,
        CodexInputError,
        "await turn.readStructuredResponse() first",
      );
    }
    assertEquals(await turn.readStructuredResponse(), { n: 1 });
    // zod first validates synchronously, before it reports that it cannot.
    assertEquals(asked, name.startsWith("zod") ? 2 : 1);
  });

  Deno.test(`Turn.readStructuredResponse rejects with the issues of ${name}, with the same error each time`, async () => {
    const turn = await makeTurn(outputType, '{"n":70}');
    const error = await assertRejects(
      () => turn.readStructuredResponse(),
      CodexStructuredResponseError,
    );
    assertEquals(error.issues, [{ path: "/n", message: "is too large" }]);
    assertEquals(error.threadId, "a");
    assertStrictEquals(assertThrows(() => turn.structuredResponse), error);
    assertStrictEquals(
      await assertRejects(() => turn.readStructuredResponse()),
      error,
    );
  });
}

Deno.test("Turn.readStructuredResponse returns the answer of a synchronous type too", async () => {
  const turn = await makeTurn(z.object({ n: z.number() }), '{"n":1}');
  const response = await turn.readStructuredResponse();
  assertStrictEquals(turn.structuredResponse, response);
  const wrong = await makeTurn(z.object({ n: z.number() }), "no JSON");
  const error = await assertRejects(() => wrong.readStructuredResponse());
  assertStrictEquals(assertThrows(() => wrong.structuredResponse), error);
});
