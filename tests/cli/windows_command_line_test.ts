import { assertEquals } from "@std/assert";
import { quotedLength } from "../../src/cli/windows_command_line.ts";

/** Arguments, and their form on a command line. */
const QUOTED: readonly [argument: string, quoted: string][] = [
  ["", `""`],
  ["plain", "plain"],
  [String.raw`C:\a\b\ `.trim(), String.raw`C:\a\b\ `.trim()],
  ["a b", `"a b"`],
  ["a\tb", `"a\tb"`],
  // A new line alone is not white space there.
  ["a\nb", "a\nb"],
  [`say "hi"`, String.raw`"say \"hi\""`],
  [`"`, String.raw`"\""`],
  [String.raw`a b\ `.trim(), String.raw`"a b\\"`],
  [String.raw`\"`, String.raw`"\\\""`],
  [String.raw`a\\"b\c d\\ `.trim(), String.raw`"a\\\\\"b\c d\\\\"`],
  ["ü 😀", `"ü 😀"`],
];

Deno.test("quotedLength measures an argument on a Windows command line", () => {
  for (const [argument, quoted] of QUOTED) {
    assertEquals([argument, quotedLength(argument)], [argument, quoted.length]);
  }
});

Deno.test("quotedLength takes time linear in the text", () => {
  assertEquals(quotedLength("\\".repeat(1_000_000) + " "), 1_000_003);
  assertEquals(quotedLength(" " + "\\".repeat(1_000_000)), 2_000_003);
});
