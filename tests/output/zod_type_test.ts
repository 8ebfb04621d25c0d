import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import * as z from "zod";
import * as mini from "zod/mini";
import * as core from "zod/v4/core";
import {
  CodexError,
  CodexOutputSchemaError,
} from "../../src/errors/codex_error.ts";
import { needsZodCore, zodJsonSchema } from "../../src/output/zod_schema.ts";
import {
  cannotLoadZod,
  isZodType,
  loadZodCore,
  readWithZod,
  type ZodCore,
  type ZodType,
} from "../../src/output/zod_type.ts";
import { FEATURES, ROOTS } from "./feature_table.ts";

/** Asserts that a value is a zod type, and returns it. */
function makeType(type: unknown): ZodType<unknown> {
  assert(isZodType(type));
  return type;
}

/** Returns the type without the methods that zod types have since 4.2. */
function asBefore42(type: z.ZodType): ZodType<unknown> {
  return makeType(Object.create(type, { "~standard": { value: {} } }));
}

function notLoaded(): ZodCore {
  throw new Error("zod's core was asked for");
}

/** Returns the schema that is sent for a type, or the reason why it is rejected. */
function makeSchema(type: ZodType<unknown>, zodCore: () => ZodCore): unknown {
  try {
    return zodJsonSchema(type, zodCore);
  } catch (error) {
    if (!(error instanceof CodexOutputSchemaError)) throw error;
    return [error.path, error.message];
  }
}

const CORE_TYPE = new core.$ZodObject({
  type: "object",
  shape: { n: new core.$ZodNumber({ type: "number" }) },
});

/** Types that need zod's core, each an object with the number `n`. */
const NEED_CORE: { readonly [name: string]: unknown } = {
  "zod before 4.2": asBefore42(z.object({ n: z.number() })),
  "zod/mini": mini.object({ n: mini.number() }),
  "zod's core": CORE_TYPE,
  "zod with a type of zod/mini inside": z.object({ n: mini.number() }),
};

for (const [code, type] of [...FEATURES, ...ROOTS]) {
  Deno.test(`${code} has the same schema from its own method and from zod's core`, () => {
    const outer = z.object({ p: type });
    assertEquals(
      makeSchema(makeType(outer), notLoaded),
      makeSchema(asBefore42(outer), () => core),
    );
  });
}

Deno.test("a zod type needs nothing but itself", () => {
  const type = makeType(z.object({ n: z.number().describe("How many") }));
  assertEquals(needsZodCore(type), false);
  assertEquals(zodJsonSchema(type, notLoaded).properties, {
    n: { type: "number", description: "How many" },
  });
  const read = readWithZod(type, { n: "1" }, notLoaded);
  assert(!(read instanceof Promise) && !read.success);
  assertInstanceOf(read.error, z.ZodError);
});

for (const [name, value] of Object.entries(NEED_CORE)) {
  Deno.test(`a type of ${name} is converted and read with zod's core`, async () => {
    const type = makeType(value);
    assertEquals(needsZodCore(type), true);
    const zodCore = await loadZodCore();
    const schema = zodJsonSchema(type, () => zodCore);
    assertEquals(schema.properties, { n: { type: "number" } });
    for (const [answer, success] of [[{ n: 1 }, true], [{ n: "" }, false]]) {
      const read = readWithZod(type, answer, () => zodCore);
      assert(!(read instanceof Promise));
      assertEquals(read.success, success);
    }
  });
}

const isSmall = (value: unknown): Promise<boolean> =>
  Promise.resolve(Number(value) < 10);

for (
  const [name, value] of Object.entries({
    "zod": z.object({ n: z.number().refine(isSmall) }),
    "zod, in a transform": z.object({ n: z.number() }).transform(
      (value) => Promise.resolve(value),
    ),
    "zod/mini": mini.object({ n: mini.number().check(mini.refine(isSmall)) }),
    "zod's core": new core.$ZodObject({
      type: "object",
      shape: {
        n: new core.$ZodNumber({
          type: "number",
          checks: [mini.refine(isSmall)],
        }),
      },
    }),
  })
) {
  Deno.test(`a type of ${name} that validates asynchronously is awaited`, async () => {
    const read = readWithZod(makeType(value), { n: 1 }, () => core);
    assertInstanceOf(read, Promise);
    assertEquals(await read, { success: true, data: { n: 1 } });
  });
}

Deno.test("an error thrown by a type's own code is passed on at once", () => {
  const fault = new TypeError("the caller's own");
  const type = makeType(
    z.string().refine(() => {
      throw fault;
    }),
  );
  assertStrictEquals(
    assertThrows(() => readWithZod(type, "a", notLoaded)),
    fault,
  );
});

Deno.test("zod's core is loaded once", async () => {
  const zodCore = await loadZodCore();
  assertStrictEquals(await loadZodCore(), zodCore);
  assertEquals(Object.keys(zodCore).sort(), [
    "safeParse",
    "safeParseAsync",
    "toJSONSchema",
  ]);
});

Deno.test("a failure to load zod is a typed error that gives the cause first", () => {
  const cause = new Error("EMFILE: too many open files");
  const error = cannotLoadZod(cause);
  assertInstanceOf(error, CodexError);
  assertEquals(
    error.message,
    "Cannot load zod, which reads this outputType: EMFILE: too many open files",
  );
  assertStrictEquals(error.cause, cause);
});
