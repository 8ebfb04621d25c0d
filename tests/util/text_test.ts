import { assertEquals } from "@std/assert";
import { CodexError } from "../../src/errors/codex_error.ts";
import { plain, quoted } from "../../src/util/text.ts";

/** Texts, and their safe form in a message. */
const TEXTS: readonly [what: string, text: string, plain: string][] = [
  ["words", "It went wrong: 5 %", "It went wrong: 5 %"],
  ["tabs and other languages", "a\tb grüße 🚀", "a\tb grüße 🚀"],
  ["escape sequences", "\x1b[31mred\x1b[0m\x07", "\\x1b[31mred\\x1b[0m\\x07"],
  ["escape sequences of one character", "\x9b31m", "\\x9b31m"],
  ["a carriage return", "100 %\rdone", "100 %\\rdone"],
  ["lines", "one\ntwo\r\nthree", "one\n  two\n  three"],
  ["the line separators of Unicode", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
  ["text with reversed direction", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["a command of a workflow", "::error::x", "\\::error::x"],
  [
    "such commands on later lines",
    "no\n::set-env name=A::b\n \t::stop-commands::x",
    "no\n  \\::set-env name=A::b\n   \t\\::stop-commands::x",
  ],
  [
    "such a command after a carriage return",
    "no\r::error::x",
    "no\\r::error::x",
  ],
  ["colons elsewhere", "std::vector and a::b", "std::vector and a::b"],
  [
    "an older command anywhere",
    "see ##[add-path]/tmp",
    "see #\\#[add-path]/tmp",
  ],
  ["a NUL", "a\0b", "a\\x00b"],
];

for (const [what, text, expected] of TEXTS) {
  // Facts R32.
  Deno.test(`plain escapes ${what} if they are more than words`, () => {
    assertEquals(plain(text), expected);
    assertEquals(new CodexError(text, { code: "internal" }).message, expected);
  });
}

Deno.test("quoted keeps a name on one line, and its end recognizable", () => {
  assertEquals(quoted("/a b/c.png"), '"/a b/c.png"');
  assertEquals(quoted("C:\\x\\y"), '"C:\\x\\y"');
  assertEquals(
    quoted('a": fine\n::error::\x1b[2J\t'),
    '"a\\": fine\\n::error::\\x1b[2J\\t"',
  );
});

Deno.test("plain handles a million characters of any kind", () => {
  for (const part of ["\n", "\t", " ", "#", ":", "\n ", "\r", "::", "##["]) {
    const text = part.repeat(1_000_000 / part.length);
    assertEquals(plain(text).length >= text.length, true);
  }
});
