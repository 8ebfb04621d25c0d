/**
 * The tables of options, checked by the compiler: a test here fails if it does not
 * compile, or if an `@ts-expect-error` is unused.
 */
import { assertEquals } from "@std/assert";
import type { OptionTable, TextRow } from "../../src/options/row.ts";
import { optionRows } from "../../src/options/row.ts";
import {
  CODEX_OPTIONS,
  type SentTurnOptions,
  THREAD_OPTIONS,
  TURN_OPTIONS,
} from "../../src/options/table.ts";

interface Options {
  text?: string;
  choice?: "a" | "b";
  texts?: string[];
  on?: boolean;
  count?: number;
  switches?: { [name: string]: boolean };
  secret?: string | (() => string);
  other?: { x: number };
}

const TABLE: OptionTable<Options> = {
  text: { kind: "text" },
  choice: { kind: "text", oneOf: ["a", "b"] },
  texts: { kind: "texts" },
  on: { kind: "switch" },
  count: { kind: "count", min: 1, max: 2 },
  switches: { kind: "switches", flag: "--on", offFlag: "--off" },
  secret: { kind: "secret" },
  other: { kind: "other" },
};

Deno.test("a table has a row for each option, and no other", () => {
  const { text: _, ...withoutText } = TABLE;
  // @ts-expect-error An option has no row.
  const missing: OptionTable<Options> = withoutText;
  const extra: OptionTable<Options> = {
    ...TABLE,
    // @ts-expect-error This option does not exist.
    unknown: { kind: "text" },
  };
  assertEquals([missing, extra].length, 2);
});

Deno.test("a row has the kind that its option's type requires", () => {
  const tables: OptionTable<Options>[] = [
    // @ts-expect-error A string is not a switch.
    { ...TABLE, text: { kind: "switch" } },
    // @ts-expect-error A string is not sent by other code.
    { ...TABLE, text: { kind: "other" } },
    // @ts-expect-error The option does not accept this value.
    { ...TABLE, choice: { kind: "text", oneOf: ["c"] } },
    // @ts-expect-error An array is not one text.
    { ...TABLE, texts: { kind: "text" } },
    // @ts-expect-error A switch is not a text.
    { ...TABLE, on: { kind: "text" } },
    // @ts-expect-error A switch is not a path.
    { ...TABLE, on: { kind: "switch", pathFlag: "--on" } },
    // @ts-expect-error A number has limits.
    { ...TABLE, count: { kind: "count" } },
    // @ts-expect-error An object is not a text.
    { ...TABLE, other: { kind: "text" } },
    // @ts-expect-error An object needs its own code to be sent.
    { ...TABLE, other: { kind: "other", setting: "other" } },
    // @ts-expect-error Turning something off needs a flag too.
    { ...TABLE, switches: { kind: "switches", flag: "--on" } },
    // @ts-expect-error A secret is not a text.
    { ...TABLE, secret: { kind: "text" } },
    // @ts-expect-error A flag has two dashes.
    { ...TABLE, text: { kind: "text", flag: "text" } },
  ];
  assertEquals(tables.length, 12);
});

Deno.test("only a client's options can be secret, as others are not searched for secrets", () => {
  const client: OptionTable<Options, Pick<TextRow, "secret">> = {
    ...TABLE,
    text: { kind: "text", secret: "url" },
  };
  const other: OptionTable<Options> = {
    ...TABLE,
    // @ts-expect-error Nothing would search this option.
    text: { kind: "text", secret: "url" },
  };
  assertEquals([client, other].length, 2);
});

Deno.test("SentTurnOptions are the turn's options with a flag or a setting", () => {
  const sent: { [K in keyof SentTurnOptions]: true } = {
    cyberAccessProgram: true,
  };
  const inTable = optionRows(TURN_OPTIONS)
    .filter(([, row]) => row.flag ?? row.pathFlag ?? row.setting)
    .map(([name]) => name);
  assertEquals(Object.keys(sent), inTable);
});

Deno.test("Each flag and setting belongs to one option", () => {
  const sent = [CODEX_OPTIONS, THREAD_OPTIONS, TURN_OPTIONS]
    .flatMap(optionRows)
    .flatMap(([, row]) => row.flag ?? row.pathFlag ?? row.setting ?? []);
  assertEquals(sent, [...new Set(sent)]);
});
