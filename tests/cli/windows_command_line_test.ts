import { assertEquals } from "@std/assert";
import { quotedLength } from "../../src/cli/windows_command_line.ts";

/** Arguments, and how they stand on a command line. */
const QUOTED: readonly [argument: string, quoted: string][] = [
  ["", `""`],
  ["plain", "plain"],
  [String.raw`C:\a\b\ `.trim(), String.raw`C:\a\b\ `.trim()],
  ["a b", `"a b"`],
  ["a\tb", `"a\tb"`],
  // A new line alone is no white space there.
  ["a\nb", "a\nb"],
  [`say "hi"`, String.raw`"say \"hi\""`],
  [`"`, String.raw`"\""`],
  [String.raw`a b\ `.trim(), String.raw`"a b\\"`],
  [String.raw`\"`, String.raw`"\\\""`],
  [String.raw`a\\"b\c d\\ `.trim(), String.raw`"a\\\\\"b\c d\\\\"`],
  ["ü 😀", `"ü 😀"`],
];

Deno.test("quotedLength measures what stands on a Windows command line", () => {
  for (const [argument, quoted] of QUOTED) {
    assertEquals([argument, quotedLength(argument)], [argument, quoted.length]);
  }
});

Deno.test("quotedLength takes a time that grows with the text alone", () => {
  assertEquals(quotedLength("\\".repeat(1_000_000) + " "), 1_000_003);
  assertEquals(quotedLength(" " + "\\".repeat(1_000_000)), 2_000_003);
});
