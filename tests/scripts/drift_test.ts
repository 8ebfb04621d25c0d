/**
 * Tests `deno task drift`, which reports what the newest CLI and official SDK have
 * added or removed, and checks that the installed ones have exactly what is known.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readHelps } from "../../scripts/drift.ts";
import { compareNames } from "../../scripts/drift/compare.ts";
import { flagDrift, flagsIn } from "../../scripts/drift/flags.ts";
import { exportsIn } from "../../scripts/drift/official.ts";
import { rejectedLines } from "../../scripts/drift/rejected_lines.ts";
import {
  fieldsIn,
  kindsIn,
  methodsIn,
  serverDrift,
} from "../../scripts/drift/server.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";

const { program } = await locateCodex(denoRuntime(Deno));
const HELPS = await readHelps(program);

Deno.test("All flags of the installed CLI are sent or deliberately left out", () => {
  assertEquals(flagDrift(HELPS), []);
});

Deno.test("All messages of the installed CLI are written and read, or deliberately left out", async () => {
  assertEquals(await serverDrift(program), []);
});

Deno.test("New and removed flags are reported with the help text that they belong to", () => {
  const help = HELPS[""].replace(
    /^( +)--ephemeral$/m,
    "$1--fast-lane\n          Go faster, see --ephemeral\n\n  -x, --extra <N>",
  );
  const review = HELPS.review.replace("--base <BRANCH>", "--branch <BRANCH>");
  assert(help !== HELPS[""] && review !== HELPS.review);
  assertEquals(flagDrift({ ...HELPS, "": help, review }), [
    "codex exec --help has --fast-lane, which is not known here",
    "codex exec --help has --extra, which is not known here",
    "codex exec --help no longer has --ephemeral, which is used",
    "codex exec review --help has --branch, which is not known here",
    "codex exec review --help no longer has --base, which is used",
  ]);
});

Deno.test("flagsIn() finds a flag only where the help explains it", () => {
  assertEquals(
    flagsIn(`Options:
  -c, --config <key=value>
          Like --enable, or \`-c features.x=true\`
      --enable <FEATURE>
          --not-this

  -h, --help
          Print help (see a summary with '-h')`),
    ["--config", "--enable", "--help"],
  );
});

Deno.test("Names can be left out exactly or by prefix", () => {
  const leftOut = [{ why: "No use", names: ["fs/*", "mock"] }];
  const from = "The CLI";
  const found = ["fs/read", "fs", "mock", "mocked", "known"];
  assertEquals(
    compareNames({ from, found, known: ["known", "old"], leftOut }),
    [
      "The CLI has fs, which is not known here",
      "The CLI has mocked, which is not known here",
      "The CLI no longer has old, which is used",
    ],
  );
});

Deno.test("Names can be read from generated types and declarations", () => {
  assertEquals(
    methodsIn('= { "method": "a/b", id: 1, } | { "method": "c", params: X };'),
    ["a/b", "c"],
  );
  assertEquals(
    kindsIn(
      '({ "type": "a", id: string, x: { "kind": "no" } } | { "type": "b" })',
    ),
    ["a", "b"],
  );
  assertEquals(
    fieldsIn(
      `export type Params = { a: string, /** b?: no */ c?: X | null,
/**
 * d: no
 */
e?: { [key in string]?: { inner: string } } | null, f: Array<{ g: string }>, };`,
      "Params",
    ),
    ["a", "c", "e", "f"],
  );
  assertEquals(
    exportsIn("type A = 1;\nexport { type A, B, type C };\n"),
    ["A", "B", "C"],
  );
});

Deno.test("A rejected line is identified by its comment, with either compiler", () => {
  const source = "one(); // the first\ntwo(); // the second\n";
  assertEquals(rejectedLines(source, "a.ts", "at file:///x/a.ts:2:5"), [
    "the second",
  ]);
  assertEquals(
    rejectedLines(
      source,
      "a.ts",
      "a.ts(1,3): error\na.ts(1,9): error\nba.tsx(2,1)",
    ),
    ["the first"],
  );
});
