/**
 * Generates the table of schema features in docs/structured_output.md: the schema sent
 * for each zod construct and the value read back, or the error that rejects it. `deno
 * run -A tests/output/feature_table.ts` writes it.
 *
 * @module
 */

import * as z from "zod";
import { CodexOutputSchemaError } from "../../src/errors/codex_error.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";

/** A construct: its code, the type, and answers that a model may return for it. */
export type Feature = readonly [
  code: string,
  type: z.ZodType,
  ...answers: JsonValue[],
];

const Person = z.object({ name: z.string() });
const Named = z.object({ name: z.string() }).meta({ id: "Named" });
interface Tree {
  n: number;
  kids?: Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() =>
  z.object({ n: z.number(), kids: z.array(Tree).optional() })
);
const isoDate = z.codec(z.iso.date(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString().slice(0, 10),
});

/** The cases of each row: as the property `p` of an object, or as the whole answer. */
export const FEATURES: readonly Feature[] = [
  ["z.string()", z.string(), "a"],
  ["z.number()", z.number(), 1.5],
  ["z.boolean()", z.boolean(), true],
  ["z.null()", z.null(), null],
  ["z.string().optional()", z.string().optional(), "a", null],
  ["z.exactOptional(z.string())", z.exactOptional(z.string()), null],
  ["z.string().nullable()", z.string().nullable(), null],
  ["z.string().nullish()", z.string().nullish(), null],
  ['z.string().default("x")', z.string().default("x"), "a", null],
  ['z.string().prefault("x")', z.string().prefault("x"), null],
  ['z.string().catch("x")', z.string().catch("x"), "a"],
  ["z.nonoptional(…)", z.nonoptional(z.string().optional()), "a"],
  ["z.int()", z.int(), 3],
  ["z.int32()", z.int32(), 3],
  ["z.number().min(1).lt(9)", z.number().min(1).lt(9), 1],
  ["z.number().multipleOf(5)", z.number().multipleOf(5), 10],
  ["z.string().min(2).max(9)", z.string().min(2).max(9), "ab"],
  ["z.string().regex(/^a+$/)", z.string().regex(/^a+$/), "aa"],
  ["z.string().regex(/^(?=a)/)", z.string().regex(/^(?=a)/), "a"],
  ["z.iso.datetime()", z.iso.datetime(), "2026-01-02T03:04:05Z"],
  ["z.uuid()", z.uuid(), "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef"],
  ["z.email()", z.email(), "a@example.com"],
  ["z.ipv4()", z.ipv4(), "127.0.0.1"],
  ["z.url()", z.url(), "https://example.com"],
  ["z.base64()", z.base64(), "YQ=="],
  ["z.templateLiteral(…)", z.templateLiteral(["v", z.int()]), "v1"],
  ['z.enum(["a", "b"])', z.enum(["a", "b"]), "a"],
  ['z.literal("a")', z.literal("a"), "a"],
  ['z.literal(["a", 1, null])', z.literal(["a", 1, null]), 1],
  ["z.array(z.string())", z.array(z.string()), ["a"]],
  ["z.array(…).min(1).max(3)", z.array(z.string()).min(1).max(3), ["a"]],
  [
    "z.tuple([z.number(), z.number()])",
    z.tuple([z.number(), z.number()]),
    [1, 2],
  ],
  ["z.tuple([z.string(), z.number()])", z.tuple([z.string(), z.number()])],
  ["z.object({ … })", Person, { name: "a" }],
  ["z.strictObject({ … })", z.strictObject({ n: z.number() }), { n: 1 }],
  ["z.looseObject({ … })", z.looseObject({ n: z.number() }), { n: 1 }],
  ["z.object({ … }).catchall(…)", Person.catchall(z.number())],
  ["Person.optional()", Person.optional(), null],
  ["z.record(z.string(), …)", z.record(z.string(), z.number())],
  [
    'z.record(z.enum(["a", "b"]), …)',
    z.record(z.enum(["a", "b"]), z.number()),
    { a: 1, b: 2 },
  ],
  [
    'z.partialRecord(z.enum(["a", "b"]), …)',
    z.partialRecord(z.enum(["a", "b"]), z.number()),
    { a: 1, b: null },
  ],
  ["z.union([z.string(), z.number()])", z.union([z.string(), z.number()]), 1],
  [
    'z.discriminatedUnion("k", […])',
    z.discriminatedUnion("k", [
      z.object({ k: z.literal("a"), n: z.number().optional() }),
      z.object({ k: z.literal("b"), n: z.number().nullable() }),
    ]),
    { k: "a", n: null },
    { k: "b", n: null },
  ],
  ["Person.and(z.object({ … }))", Person.and(z.object({ n: z.number() })), {
    name: "a",
    n: 1,
  }],
  ["z.string().and(z.number())", z.string().and(z.number())],
  ["Tree, which contains itself", Tree, { n: 1, kids: [{ n: 2, kids: null }] }],
  ['….meta({ id: "Named" })', Named, { name: "a" }],
  ['….meta({ id: "Named" }).describe("Who")', Named.describe("Who"), {
    name: "a",
  }],
  ['….describe("Who")', z.string().describe("Who"), "a"],
  [
    '….meta({ title: "T", examples: … })',
    z.string().meta({
      title: "T",
      examples: ["a"],
    }),
    "a",
  ],
  ["z.string().transform(Number)", z.string().transform(Number), "7"],
  [
    "z.string().pipe(z.coerce.number())",
    z.string().pipe(z.coerce.number()),
    "7",
  ],
  ["z.codec(z.iso.date(), z.date(), …)", isoDate, "2026-01-02"],
  ["z.preprocess(…, z.number())", z.preprocess(Number, z.number()), 7],
  ["z.coerce.number()", z.coerce.number(), 7],
  ["z.stringbool()", z.stringbool(), "yes"],
  ["z.number().refine(…)", z.number().refine((n) => n > 0), 1],
  ['z.string().brand("B")', z.string().brand("B"), "a"],
  ["z.string().readonly()", z.string().readonly(), "a"],
  ["z.any(), z.unknown()", z.any()],
  ["z.json()", z.json()],
  ["z.never()", z.never()],
  ["z.undefined(), z.void()", z.undefined()],
  ["z.date(), z.coerce.date()", z.date()],
  ["z.bigint()", z.bigint()],
  ["z.literal(5n)", z.literal(5n)],
  ["z.map(…)", z.map(z.string(), z.string())],
  ["z.set(…)", z.set(z.string())],
  ["z.symbol()", z.symbol()],
  ["z.nan()", z.nan()],
  ["z.file()", z.file()],
  ["z.custom(), z.instanceof(…)", z.custom()],
  [
    'z.custom().meta({ type: "string" })',
    z.custom((value) => typeof value === "string").meta({ type: "string" }),
    "a",
  ],
  ["z.transform(…)", z.transform((value) => value)],
];

/** The cases of the second part's rows: the whole answer. */
export const ROOTS: readonly Feature[] = [
  ["z.object({ … })", Person, { name: "a" }],
  ["z.array(Person)", z.array(Person), { value: [{ name: "a" }] }],
  ["z.union([Person, …])", z.union([Person, z.object({ n: z.int() })]), {
    value: { n: 1 },
  }],
  ["z.string()", z.string(), { value: "a" }],
  ["Tree, which contains itself", Tree, { n: 1, kids: null }],
  ["z.array(Tree)", z.array(Tree), { value: [{ n: 1, kids: null }] }],
];

/** Builds the table, beginning with its header. */
export async function featureTable(): Promise<string> {
  const inside = await Promise.all(
    FEATURES.map(([code, type, ...answers]) =>
      row(
        code,
        z.object({ p: type }),
        answers.map((p) => ({ p })),
        (schema) => {
          const { properties = {}, $defs } = schema;
          const { p } = properties as JsonObject;
          return $defs === undefined ? [p] : [p, { $defs }];
        },
        (value) => "p" in Object(value) ? value.p : LEFT_OUT,
      )
    ),
  );
  const roots = await Promise.all(
    ROOTS.map(([code, type, ...answers]) =>
      row(code, type, answers, (schema) => [schema], (value) => value)
    ),
  );
  return [
    ...table("zod construct, as a property", inside),
    "",
    ...table("zod construct, as the whole answer", roots),
  ].join("\n");
}

const LEFT_OUT = Symbol("left out");

function table(title: string, rows: readonly string[]): string[] {
  return [
    `| ${title} | sent as | comes back as | rejected with |`,
    "| --- | --- | --- | --- |",
    ...rows,
  ];
}

async function row(
  code: string,
  outputType: z.ZodType,
  answers: readonly JsonValue[],
  sent: (schema: JsonObject) => readonly unknown[],
  // deno-lint-ignore no-explicit-any -- the value that a type of any kind returns
  back: (value: any) => unknown,
): Promise<string> {
  try {
    const output = await structuredOutput({ outputType });
    const sentAs = sent(output.schema ?? {}).map((part) => cell(shown(part)));
    const backAs = answers.map((answer) => {
      const value = back(output.read(JSON.stringify(answer)));
      const wire = shown(back(answer));
      return value === LEFT_OUT
        ? `${cell(wire)} → left out`
        : shown(value) === wire
        ? cell(wire)
        : `${cell(wire)} → ${cell(shown(value))}`;
    });
    return `| ${cell(code)} | ${sentAs.join(", ")} | ${backAs.join(", ")} |  |`;
  } catch (error) {
    if (!(error instanceof CodexOutputSchemaError)) throw error;
    return `| ${cell(code)} |  |  | ${error.message.replaceAll("|", "\\|")} |`;
  }
}

/** Formats a value as code; truncates zod's long patterns. */
function shown(value: unknown): string {
  if (value instanceof Date) {
    return `Date(${value.toISOString().slice(0, 10)})`;
  }
  return JSON.stringify(
    value,
    (key, inner) =>
      key === "pattern" && typeof inner === "string" && inner.length > 30
        ? "…"
        : inner,
  );
}

function cell(code: string): string {
  return `\`${code.replaceAll("|", "\\|")}\``;
}

/** The file that contains the table, and the marks around it. */
export const PAGE: URL = new URL(
  "../../docs/structured_output.md",
  import.meta.url,
);
export const BEGIN = "<!-- deno-fmt-ignore-start -->";
export const END = "<!-- deno-fmt-ignore-end -->";

if (import.meta.main) {
  const page = await Deno.readTextFile(PAGE);
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END, begin);
  await Deno.writeTextFile(
    PAGE,
    `${page.slice(0, begin)}\n\n${await featureTable()}\n\n${page.slice(end)}`,
  );
}
