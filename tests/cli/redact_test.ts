import { assertEquals, assertGreater } from "@std/assert";
import { Redactor } from "../../src/cli/redact.ts";
import { shorten, shortenStart } from "../../src/util/text.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";

const KEY = "sk-0123456789";

/** Secrets, a text, and the text without them. */
const TEXTS: readonly [
  what: string,
  secrets: readonly string[],
  text: string,
  clean: string,
][] = [
  ["a key", [KEY], `Bearer ${KEY} is wrong`, "Bearer [redacted] is wrong"],
  [
    "every occurrence of a key",
    [KEY],
    `${KEY},${KEY}`,
    "[redacted],[redacted]",
  ],
  [
    "the longer of two secrets that begin alike",
    [KEY, `${KEY}-and-more`],
    `a ${KEY}-and-more b ${KEY}`,
    "a [redacted] b [redacted]",
  ],
  [
    "two secrets that overlap",
    ["abcdefgh", "efghijkl"],
    "<abcdefghijkl>",
    "<[redacted]>",
  ],
  ["a header's key", [`Bearer ${KEY}`], `got ${KEY}`, "got [redacted]"],
  [
    "a password in URL encoding",
    ["p@ss word!"],
    "p%40ss%20word! and p@ss word!",
    "[redacted] and [redacted]",
  ],
  [
    "a secret in JSON encoding",
    ['say "please"'],
    JSON.stringify({ a: 'say "please"' }),
    '{"a":"[redacted]"}',
  ],
  [
    "the credentials in any URL",
    [],
    "http://me:pw@h.test/v1 https://token@x.test?a=@b",
    "http://[redacted]@h.test/v1 https://[redacted]@x.test?a=@b",
  ],
  [
    "nothing for short words",
    ["none", "ollama"],
    "none of ollama",
    "none of ollama",
  ],
  ["nothing if there is no secret", [KEY], "all is well", "all is well"],
];

for (const [what, secrets, text, clean] of TEXTS) {
  Deno.test(`Redactor redacts ${what}`, () => {
    assertEquals(new Redactor(secrets).clean(text), clean);
  });
}

Deno.test("Redactor redacts the remainder of a secret at a cut, wherever it was cut", () => {
  const redactor = new Redactor([KEY, "another-secret"]);
  for (let kept = 1; kept < KEY.length; kept += 1) {
    const before = `${"x".repeat(100)} `;
    const cut = shorten(
      `${before}${KEY}${"y".repeat(50)}`,
      before.length + kept,
    );
    assertEquals(
      redactor.clean(cut).split("…")[0]?.includes("sk-"),
      false,
      `${kept} characters of the key were left`,
    );
    const after = ` ${"z".repeat(100)}`;
    const end = `${KEY}${after}`.slice(-(after.length + kept));
    assertEquals(redactor.clean(end, true), after);
    assertEquals(
      redactor.clean(shortenStart(`${KEY}${after}`, after.length + kept)),
      `…${after}`,
    );
  }
});

Deno.test("Redactor leaves a text that was not cut unchanged", () => {
  assertEquals(new Redactor([KEY]).clean("sk-0 is no key"), "sk-0 is no key");
});

Deno.test("Redactor handles a megabyte with a thousand secrets", () => {
  const secrets = Array.from({ length: 1000 }, (_, at) => `secret-${at}-value`);
  const text = secrets.join(" ").repeat(50);
  const clean = new Redactor(secrets).clean(text);
  assertEquals(/secret-\d/.test(clean), false);
});

Deno.test("Redactor handles repetitive secrets in time linear in the text", () => {
  const half = "a".repeat(100_000);
  const redactor = new Redactor([`${half}b`, half]);
  const text = `${half}c${half.slice(1)}`;
  const clean = redactor.clean(shorten(text, text.length - 10), true);
  assertEquals(clean.includes("aaaaaaaa"), false);
  const nested = Array.from({ length: 200 }, (_, at) => "a".repeat(8 + at));
  assertEquals(new Redactor(nested).clean("a".repeat(64 * 1024)), "[redacted]");
});

Deno.test("Redactor redacts overlapping occurrences of one secret as one", () => {
  assertEquals(
    new Redactor(["abcabcabc"]).clean("<abcabcabcabc>"),
    "<[redacted]>",
  );
});

/** Finds the characters to remove by searching for every secret at every position. */
function cleanSlowly(secrets: readonly string[], text: string): string {
  const goes = new Set<number>();
  for (const secret of secrets) {
    for (let at = 0; at <= text.length - secret.length; at += 1) {
      if (!text.startsWith(secret, at)) continue;
      for (let index = 0; index < secret.length; index += 1) {
        goes.add(at + index);
      }
    }
  }
  return text.split("").map((character, at) => goes.has(at) ? "*" : character)
    .join("").replaceAll(/\*+/g, "[redacted]");
}

Deno.test("Redactor removes what an exhaustive search finds, for secrets that contain, overlap and touch each other", () => {
  const random = randomNumbers(7);
  const word = (length: number): string =>
    Array.from({ length }, () => "abc"[random(3)]).join("");
  let found = 0;
  for (let time = 0; time < 2000; time += 1) {
    const secrets = Array.from(
      { length: 1 + random(4) },
      () => word(8 + random(4)),
    );
    const all = [...secrets, ...secrets.map((each) => each.slice(1, 9))]
      .filter((each) => each.length >= 8);
    const parts = Array.from(
      { length: 6 },
      () => random(2) === 0 ? word(random(5)) : all[random(all.length)],
    );
    const text = parts.join("");
    const clean = new Redactor(all).clean(text);
    assertEquals(clean, cleanSlowly(all, text));
    if (clean !== text) found += 1;
  }
  assertGreater(found, 1000);
});
