import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { JsonValue } from "../../src/protocol/json.ts";
import { CodexStructuredResponseError } from "../../src/errors/turn_errors.ts";
import { assertStrict, judge } from "./judge.ts";
import { randomAnswer } from "./random_answer.ts";
import {
  chooseOne,
  type Random,
  randomFrom,
  randomObject,
  type RandomType,
  randomType,
} from "./random_types.ts";

/** The number of types that a test tries; set `ACODEX_CASES` for more. */
const CASES = Number(Deno.env.get("ACODEX_CASES") ?? 100);

/** The seed; set `ACODEX_SEED` to try the same types again. */
const SEED = Number(
  Deno.env.get("ACODEX_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

/** Tries many types; the message of a failure says how to reproduce it. */
function everyType(
  name: string,
  check: (random: Random, made: RandomType) => Promise<void>,
): void {
  Deno.test(`${name} (seed ${SEED})`, async () => {
    for (let index = 0; index < CASES; index += 1) {
      const random = randomFrom(SEED + index);
      const made = random() < 0.6
        ? randomObject(random, 4)
        : randomType(random, 3);
      try {
        await check(random, made);
      } catch (cause) {
        throw new Error(
          `ACODEX_SEED=${SEED + index} ACODEX_CASES=1: ${made.code}`,
          { cause },
        );
      }
    }
  });
}

everyType(
  "structuredOutput sends any type in strict mode's form, and reads every answer back as the type does",
  async (random, made) => {
    const output = await structuredOutput({ outputType: made.type });
    assertStrict(output.schema ?? {});
    const holds = judge(output.schema ?? {});
    for (let i = 0; i < 5; i += 1) {
      const { wire, back } = made.sample(random);
      const answer = output.valuePath === "" ? wire : { value: wire };
      assert(holds(answer), `ajv rejects ${JSON.stringify(answer)}`);
      assertEquals(output.read(JSON.stringify(answer)), back);
    }
  },
);

everyType(
  "structuredOutput sends a schema whose every answer its type accepts",
  async (random, made) => {
    // Overlapping members, between which the union has to distinguish.
    const other = randomObject(random, 2);
    const type = z.object({
      p: z.union([
        other.type,
        made.type,
        z.object({ a: z.string().nullish() }),
      ]),
    });
    const output = await structuredOutput({ outputType: type });
    const schema = output.schema ?? {};
    const holds = judge(schema);
    for (let i = 0; i < 5; i += 1) {
      const answer = randomAnswer(random, schema);
      assert(holds(answer), `ajv rejects ${JSON.stringify(answer)}`);
      output.read(JSON.stringify(answer));
    }
  },
);

everyType(
  "structuredOutput reports any other answer with its own error and issues",
  async (random, made) => {
    const output = await structuredOutput({ outputType: made.type });
    const holds = judge(output.schema ?? {});
    const { wire } = made.sample(random);
    const answer = spoiled(
      random,
      output.valuePath === "" ? wire : { value: wire },
    );
    if (holds(answer)) return;
    try {
      output.read(JSON.stringify(answer));
    } catch (error) {
      assert(error instanceof CodexStructuredResponseError, String(error));
      assert(error.issues.length > 0);
      assert(
        error.issues.every(({ path }) => path === "" || path.startsWith("/")),
      );
    }
  },
);

/** Changes something in an answer. */
function spoiled(random: Random, value: JsonValue): JsonValue {
  if (typeof value === "object" && value !== null && random() < 0.8) {
    const keys = Object.keys(value);
    if (keys.length > 0) {
      const copy = structuredClone(value) as { [key: string]: JsonValue };
      const key = chooseOne(random, keys);
      if (!Array.isArray(value) && random() < 0.3) delete copy[key];
      else copy[key] = spoiled(random, copy[key] ?? null);
      return copy;
    }
  }
  return chooseOne<JsonValue>(random, [null, "x", -1.5, true, [], {}, {
    more: 1,
  }]);
}
