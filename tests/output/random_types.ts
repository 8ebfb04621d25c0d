/**
 * Random zod types, each with answers that a model may return and the values expected
 * back. The construct itself determines these, independently of src/output.
 *
 * @module
 */

import * as z from "zod";
import type { JsonValue } from "../../src/protocol/json.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";

/** Returns random numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** Creates a generator that returns the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  const next = randomNumbers(seed);
  return () => next(2 ** 32) / 2 ** 32;
}

/** Picks one of several things at random. */
export function chooseOne<T>(random: Random, things: readonly T[]): T {
  const thing = things[Math.floor(random() * things.length)];
  if (thing === undefined) throw new Error("Nothing to choose from");
  return thing;
}

/** An answer, and the value that the type reads it as. */
export interface Sample {
  readonly wire: JsonValue;
  /** The value; `undefined` for a property that is absent. */
  readonly back: unknown;
}

/** A random type. */
export interface RandomType {
  readonly type: z.ZodType;
  /** The code of the type, for the message of a failed test. */
  readonly code: string;
  /** True if the type accepts null. */
  readonly nullable: boolean;
  sample(random: Random): Sample;
}

const KEYS = ["a", "b", "c/d", "items", "type", "$ref", "é", "x y"];

/** Builds a random object type, as the root of an answer. */
export function randomObject(random: Random, depth: number): RandomType {
  const names = KEYS.filter(() => random() < 0.4);
  const members = names.map((name): [string, RandomType] => [
    name,
    randomProperty(random, depth - 1),
  ]);
  const shape = Object.fromEntries(
    members.map(([name, { type }]) => [name, type]),
  );
  const make = chooseOne(random, [z.object, z.strictObject, z.looseObject]);
  return {
    type: make(shape),
    code: `z.object({ ${
      members.map(([name, { code }]) => `"${name}": ${code}`).join(", ")
    } })`,
    nullable: false,
    sample(random): Sample {
      const samples = members.map(([name, member]): [string, Sample] => [
        name,
        member.sample(random),
      ]);
      return {
        wire: Object.fromEntries(
          samples.map(([name, { wire }]) => [name, wire]),
        ),
        back: Object.fromEntries(
          samples.flatMap(([name, { back }]) =>
            back === undefined ? [] : [[name, back]]
          ),
        ),
      };
    },
  };
}

/** Builds a type that may be optional, be null, or have a default. */
function randomProperty(random: Random, depth: number): RandomType {
  const inner = randomType(random, depth);
  const leftOut = (
    back: unknown,
    type: z.ZodType,
    code: string,
  ): RandomType => ({
    type,
    code: `${inner.code}.${code}`,
    nullable: inner.nullable,
    // If its type accepts null, null means null.
    sample: (random) =>
      random() < 0.4
        ? { wire: null, back: inner.nullable ? null : back }
        : inner.sample(random),
  });
  switch (Math.floor(random() * 6)) {
    case 0:
      return leftOut(undefined, inner.type.optional(), "optional()");
    case 1: {
      const { back } = inner.sample(random);
      return leftOut(back, inner.type.default(back), "default(…)");
    }
    case 2:
      return orNull(inner, inner.type.nullish(), "nullish()");
    case 3:
      return orNull(inner, inner.type.nullable(), "nullable()");
    default:
      return inner;
  }
}

function orNull(inner: RandomType, type: z.ZodType, code: string): RandomType {
  return {
    type,
    code: `${inner.code}.${code}`,
    nullable: true,
    sample: (random) =>
      random() < 0.4 ? { wire: null, back: null } : inner.sample(random),
  };
}

/** Builds a random type. */
export function randomType(random: Random, depth: number): RandomType {
  const makers = depth > 0 ? [...LEAVES, ...HOLDERS, ...HOLDERS] : LEAVES;
  return chooseOne(random, makers)(random, depth);
}

type Maker = (random: Random, depth: number) => RandomType;

function leaf(
  code: string,
  type: z.ZodType,
  sample: (random: Random) => JsonValue,
  read: (wire: JsonValue) => unknown = (wire) => wire,
): Maker {
  return () => ({
    type,
    code,
    nullable: code === "z.null()",
    sample(random): Sample {
      const wire = sample(random);
      return { wire, back: read(wire) };
    },
  });
}

const word = (random: Random): string =>
  chooseOne(random, ["", "a", "null", "é🚀", "{}", "two words", '"']);
const whole = (random: Random): number => Math.floor(random() * 200) - 100;

const LEAVES: readonly Maker[] = [
  leaf("z.string()", z.string(), word),
  leaf("z.string().describe()", z.string().describe("Some words"), word),
  leaf("z.number()", z.number(), (random) => random() * 10 - 5),
  leaf("z.int()", z.int(), whole),
  leaf("z.int().min(-100)", z.int().min(-100).max(100), whole),
  leaf("z.boolean()", z.boolean(), (random) => random() < 0.5),
  leaf("z.null()", z.null(), () => null),
  leaf("z.enum()", z.enum(["a", "b"]), (r) => chooseOne(r, ["a", "b"])),
  leaf("z.literal(3)", z.literal(3), () => 3),
  leaf(
    "z.literal([…])",
    z.literal(["a", 1, true]),
    (random) => chooseOne<JsonValue>(random, ["a", 1, true]),
  ),
  leaf("z.string().brand()", z.string().brand("B").readonly(), word),
  leaf(
    "z.string().transform()",
    z.string().transform((text) => text.length),
    word,
    (wire) => String(wire).length,
  ),
  leaf(
    "z.codec()",
    z.codec(z.string(), z.number(), {
      decode: (text) => text.length,
      encode: String,
    }),
    word,
    (wire) => String(wire).length,
  ),
];

const HOLDERS: readonly Maker[] = [
  randomObject,
  (random, depth) => list(randomType(random, depth - 1)),
  (random, depth) => {
    const item = randomType(random, depth - 1);
    return several(
      `z.tuple([…])`,
      z.tuple([item.type, item.type]),
      item,
      () => 2,
    );
  },
  record,
  discriminated,
  union,
  tree,
];

function list(item: RandomType): RandomType {
  return several(
    `z.array(${item.code})`,
    z.array(item.type).max(3),
    item,
    (random) => Math.floor(random() * 4),
  );
}

function several(
  code: string,
  type: z.ZodType,
  item: RandomType,
  count: (random: Random) => number,
): RandomType {
  return {
    type,
    code,
    nullable: false,
    sample(random): Sample {
      const samples = Array.from(
        { length: count(random) },
        () => item.sample(random),
      );
      return {
        wire: samples.map(({ wire }) => wire),
        back: samples.map(({ back }) => back),
      };
    },
  };
}

function record(random: Random, depth: number): RandomType {
  const value = randomType(random, depth - 1);
  const isPartial = random() < 0.5;
  const keys = z.enum(["k", "l"]);
  return {
    type: isPartial
      ? z.partialRecord(keys, value.type)
      : z.record(keys, value.type),
    code: `z.${isPartial ? "partialRecord" : "record"}(…, ${value.code})`,
    nullable: false,
    sample(random): Sample {
      const [k, l] = [value.sample(random), value.sample(random)];
      const wire: { [key: string]: JsonValue } = { k: k.wire, l: l.wire };
      const back: { [key: string]: unknown } = { k: k.back, l: l.back };
      if (isPartial && !value.nullable && random() < 0.5) {
        wire.l = null;
        delete back.l;
      }
      return { wire, back };
    },
  };
}

/** Builds a union whose members differ by a literal. */
function discriminated(random: Random, depth: number): RandomType {
  const members = ["a", "b"].map((kind) => ({
    kind,
    inner: randomProperty(random, depth - 1),
  }));
  const [a, b] = members.map(({ kind, inner }) =>
    z.object({ kind: z.literal(kind), inner: inner.type })
  );
  if (a === undefined || b === undefined) throw new Error("Two members");
  return {
    type: random() < 0.5
      ? z.union([a, b])
      : z.discriminatedUnion("kind", [a, b]),
    code: `z.union([${members.map(({ inner }) => inner.code).join(", ")}])`,
    nullable: false,
    sample(random): Sample {
      const { kind, inner } = chooseOne(random, members);
      const { wire, back } = inner.sample(random);
      return {
        wire: { kind, inner: wire },
        back: { kind, ...back === undefined ? {} : { inner: back } },
      };
    },
  };
}

/** Builds a union of a text, a number and a type that contains others. */
function union(random: Random, depth: number): RandomType {
  const holder = chooseOne(random, [
    randomObject,
    () => list(randomType(random, depth - 1)),
  ])(
    random,
    depth - 1,
  );
  const members = [holder, chooseOne(random, LEAVES.slice(0, 2))(random, 0)];
  return {
    type: z.union(members.map(({ type }) => type)),
    code: `z.union([${members.map(({ code }) => code).join(", ")}])`,
    nullable: false,
    sample: (random) => chooseOne(random, members).sample(random),
  };
}

interface Tree {
  v: unknown;
  next?: Tree;
  kids: Tree[];
}

/** Builds a type that contains itself. */
function tree(random: Random, depth: number): RandomType {
  const value = randomType(random, depth - 2);
  const type: z.ZodType<Tree> = z.lazy(() =>
    z.object({ v: value.type, next: type.optional(), kids: z.array(type) })
  );
  const sample = (random: Random): Sample => {
    const v = value.sample(random);
    const next = random() < 0.4 ? sample(random) : undefined;
    const kids = random() < 0.3 ? [sample(random)] : [];
    return {
      wire: {
        v: v.wire,
        next: next?.wire ?? null,
        kids: kids.map(({ wire }) => wire),
      },
      back: {
        v: v.back,
        ...next === undefined ? {} : { next: next.back },
        kids: kids.map(({ back }) => back),
      },
    };
  };
  return { type, code: `tree of ${value.code}`, nullable: false, sample };
}
