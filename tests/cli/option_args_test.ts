import { assertEquals, assertThrows } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { optionFlags, optionSettings } from "../../src/cli/option_args.ts";
import type { OptionTable } from "../../src/options/row.ts";

/** An option of each kind, sent in each way. */
interface Options {
  text?: string;
  path?: string;
  texts?: string[];
  paths?: string[];
  on?: boolean;
  count?: number;
  textSetting?: string;
  textsSetting?: string[];
  onSetting?: boolean;
  countSetting?: number;
  switches?: { [name: string]: boolean };
  secret?: string | (() => string);
  notSent?: string;
  other?: { x: number };
}

const TABLE: OptionTable<Options> = {
  text: { kind: "text", flag: "--text" },
  path: { kind: "text", pathFlag: "--path" },
  texts: { kind: "texts", flag: "--texts" },
  paths: { kind: "texts", pathFlag: "--paths" },
  on: { kind: "switch", flag: "--on" },
  count: { kind: "count", min: 0, max: 9, flag: "--count" },
  textSetting: { kind: "text", setting: "a.text" },
  textsSetting: { kind: "texts", setting: "a.texts" },
  onSetting: { kind: "switch", setting: "a.on" },
  countSetting: { kind: "count", min: 0, max: 9, setting: "a.count" },
  switches: { kind: "switches", flag: "--enable", offFlag: "--disable" },
  secret: { kind: "secret" },
  notSent: { kind: "text" },
  other: { kind: "other" },
};

const EVERY: Required<Options> = {
  other: { x: 1 },
  notSent: "n",
  secret: "s",
  switches: { b: true, a: false, c: true },
  countSetting: 0,
  onSetting: false,
  textsSetting: ["a", "-b"],
  textSetting: "-t",
  count: 0,
  on: true,
  paths: ["p", "-p"],
  texts: ["a", "b"],
  path: "-x",
  text: "t",
};

Deno.test("optionFlags writes each kind of option, in the table's order", () => {
  assertEquals(optionFlags(TABLE, EVERY), [
    ...["--text", "t"],
    ...["--path", "./-x"],
    ...["--texts", "a", "--texts", "b"],
    ...["--paths", "p", "--paths", "./-p"],
    "--on",
    ...["--count", "0"],
    ...["--enable", "b", "--disable", "a", "--enable", "c"],
  ]);
});

Deno.test("optionSettings writes each kind of option, in the table's order", () => {
  assertEquals(optionSettings(TABLE, EVERY), [
    'a.text="-t"',
    'a.texts=["a", "-b"]',
    "a.on=false",
    "a.count=0",
  ]);
});

Deno.test("optionFlags and optionSettings skip options that are not set", () => {
  for (const empty of [undefined, null, ""]) {
    const options = Object.fromEntries(
      Object.keys(TABLE).map((name) => [name, empty]),
    );
    assertEquals(optionFlags(TABLE, options), []);
    assertEquals(optionSettings(TABLE, options), []);
  }
  assertEquals(optionFlags(TABLE, { on: false, texts: [], paths: [""] }), []);
});

Deno.test("optionFlags rejects a value that would be read as a flag", () => {
  const refused: [options: Options, path: string][] = [
    [{ text: "--on" }, "text"],
    [{ texts: ["a", "-b"] }, "texts[1]"],
    [{ switches: { a: true, "--yolo": true } }, "switches.--yolo"],
  ];
  for (const [options, path] of refused) {
    const error = assertThrows(
      () => optionFlags(TABLE, options),
      CodexInputError,
    );
    assertEquals(error.path, path);
  }
});

Deno.test("optionFlags and optionSettings ignore properties of Object.prototype", () => {
  const polluted = { flag: "--yolo", pathFlag: "--yolo", setting: "yolo" };
  const before = [optionFlags(TABLE, EVERY), optionSettings(TABLE, EVERY)];
  try {
    Object.assign(Object.prototype, polluted);
    const during = [optionFlags(TABLE, EVERY), optionSettings(TABLE, EVERY)];
    assertEquals(JSON.stringify(during), JSON.stringify(before));
  } finally {
    for (const name of Object.keys(polluted)) {
      Reflect.deleteProperty(Object.prototype, name);
    }
  }
});
