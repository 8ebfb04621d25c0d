import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { commonJsSource, consumerSource } from "../../scripts/npm/consumer.ts";
import {
  type Documentation,
  type Entry,
  listSurface,
  valueNames,
} from "../../scripts/npm/surface.ts";
import { ROOT_URL } from "../../scripts/project.ts";

const ENTRIES = { ".": "./mod.ts", "./part": "./src/part/mod.ts" };

function declared(name: string, kind: string, typeParams?: unknown[]) {
  return {
    name,
    declarations: [{ kind, declarationKind: "export", def: { typeParams } }],
  };
}

const DOCUMENTATION: Documentation = {
  nodes: {
    [new URL("mod.ts", ROOT_URL).href]: {
      symbols: [
        declared("Turn", "class", [{ name: "T" }]),
        declared("Options", "interface"),
        declared("run", "function", [{ name: "T" }]),
      ],
    },
    [new URL("src/part/mod.ts", ROOT_URL).href]: {
      symbols: [
        declared("Options", "reference"),
        declared("LIMIT", "variable"),
      ],
    },
  },
};

const SURFACE: Entry[] = [
  {
    specifier: "@scope/name",
    exports: [
      { name: "Turn", isValue: true, isType: true, typeParameters: 1 },
      { name: "Options", isValue: false, isType: true, typeParameters: 0 },
      { name: "run", isValue: true, isType: false, typeParameters: 0 },
    ],
  },
  {
    specifier: "@scope/name/part",
    exports: [
      { name: "Options", isValue: false, isType: true, typeParameters: 0 },
      { name: "LIMIT", isValue: true, isType: false, typeParameters: 0 },
    ],
  },
];

Deno.test("listSurface() lists the exports of every entry, and resolves references", () => {
  assertEquals(listSurface(DOCUMENTATION, "@scope/name", ENTRIES), SURFACE);
});

Deno.test("listSurface() rejects an undocumented entry", () => {
  assertThrows(
    () => listSurface(DOCUMENTATION, "@scope/name", { "./no": "./no.ts" }),
    Error,
    'Cannot find "./no.ts"',
  );
});

Deno.test("valueNames() omits types", () => {
  assertEquals(SURFACE.map(valueNames), [["Turn", "run"], ["LIMIT"]]);
});

Deno.test("consumerSource() uses every export as a type or value, according to its kind", () => {
  const source = consumerSource(SURFACE);
  for (
    const line of [
      'import * as m1 from "@scope/name/part";',
      "export type T0_Turn = m0.Turn<any>;",
      "export const v0_Turn: typeof m0.Turn = m0.Turn;",
      "export type T0_Options = m0.Options;",
      "export const v0_run: typeof m0.run = m0.run;",
      "export type T1_Options = m1.Options;",
      "export const v1_LIMIT: typeof m1.LIMIT = m1.LIMIT;",
    ]
  ) assertStringIncludes(source, `${line}\n`);
});

Deno.test("commonJsSource() requires every entry", () => {
  assertEquals(commonJsSource(SURFACE).match(/= require\("[^"]+"\)/g), [
    '= require("@scope/name")',
    '= require("@scope/name/part")',
  ]);
});
