/**
 * Checks the types of answers that the compiler infers. Most of it never runs: a test
 * here fails if it does not compile, or if an `@ts-expect-error` is unused.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import type { OutputType, Thread } from "../../mod.ts";

/** Is `true` if two types are exactly the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only if the types are the same. */
function same<A, B>(proof: Same<A, B>): void {
  assertEquals(proof, true);
}

/** Compiles a function without running it. */
function compiles(_code: (thread: Thread) => unknown): void {}

Deno.test("the type of structuredResponse is the output side of a zod schema", () => {
  compiles(async (thread) => {
    const outputType = z.object({
      left: z.string().optional(),
      filled: z.string().default("x"),
      count: z.string().transform(Number),
      branded: z.string().brand("B"),
      when: z.codec(z.iso.date(), z.date(), {
        decode: (text) => new Date(text),
        encode: String,
      }),
    });
    const turn = await thread.run("?", { outputType, repair: 2 });
    same<typeof turn.structuredResponse, z.output<typeof outputType>>(true);
    const response = await turn.readStructuredResponse();
    same<typeof response, z.output<typeof outputType>>(true);
    same<typeof response.count, number>(true);
    same<typeof response.left, string | undefined>(true);
    same<typeof response.filled, string>(true);
    same<typeof response.when, Date>(true);
  });
  compiles(async (thread) => {
    const outputType = z.union([z.array(z.string()), z.literal(3)]);
    const { structuredResponse } = await thread.run("?", { outputType });
    same<typeof structuredResponse, string[] | 3>(true);
  });
  compiles(async (thread) => {
    const outputType = mini.object({ a: mini.optional(mini.string()) });
    const { structuredResponse } = await thread.run("?", { outputType });
    same<typeof structuredResponse, { a?: string | undefined }>(true);
  });
});

Deno.test("the type of structuredResponse is the output side of a Standard Schema", () => {
  compiles(async (thread) => {
    const schema = v.object({
      n: v.pipe(v.string(), v.transform(Number)),
      tags: v.optional(v.array(v.string())),
    });
    const turn = await thread.run("?", {
      outputType: toStandardJsonSchema(schema),
    });
    same<typeof turn.structuredResponse, v.InferOutput<typeof schema>>(true);
    const streamed = await thread.runStreamed("?", {
      outputType: schema,
      outputSchema: { type: "object" },
    });
    same<
      typeof streamed.result.structuredResponse,
      { n: number; tags?: string[] | undefined }
    >(true);
  });
  compiles(async (thread) => {
    const outputType = type({ n: "number", "tags?": "string[]" });
    const { structuredResponse } = await thread.run("?", { outputType });
    same<typeof structuredResponse, { n: number; tags?: string[] }>(true);
  });
});

Deno.test("the type of structuredResponse is what a parse function returns or resolves to", () => {
  const schema = { type: "object" };
  compiles(async (thread) => {
    const now = await thread.run("?", {
      outputType: { schema, parse: (value) => String(value) },
    });
    same<typeof now.structuredResponse, string>(true);
    const later = await thread.run("?", {
      outputType: { schema, parse: (value) => Promise.resolve([value]) },
    });
    same<typeof later.structuredResponse, unknown[]>(true);
  });
});

Deno.test("a library's type can be assigned to an OutputType", () => {
  const types: OutputType<{ n: number }>[] = [
    z.object({ n: z.number() }),
    type({ n: "number" }),
    v.object({ n: v.number() }),
    // @ts-expect-error It reads the answer as another type.
    z.object({ n: z.string() }),
    // @ts-expect-error So does this one.
    v.object({ n: v.string() }),
    // @ts-expect-error Nothing reads the answer.
    { schema: { type: "object" } },
  ];
  assertEquals(types.length, 6);
});

Deno.test("wrong options of the output do not compile", () => {
  compiles(async (thread) => {
    // @ts-expect-error It is a number of times.
    await thread.run("?", { outputSchema: {}, repair: true });
    // @ts-expect-error It is a switch.
    await thread.run("?", { outputSchema: {}, strict: "yes" });
  });
});
