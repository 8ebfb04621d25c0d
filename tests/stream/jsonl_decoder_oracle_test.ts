import { assertEquals } from "@std/assert";
import { TextLineStream } from "@std/streams";
import { decode, type Decoded, utf8 } from "./support.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";

const INPUTS = 400;

/** The seed; set `ACODEX_TEST_SEED` to repeat a failed run, whose message names it. */
const SEED = Number(
  Deno.env.get("ACODEX_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 32),
);

const CHARACTERS = [
  ...'ab {}[]":,\\/\t\r\u2028\u2029\u0085\u00a0é€😀',
  "\ufeff",
  "\u001b[0m",
];

type Random = (limit: number) => number;

function randomText(random: Random): string {
  return Array.from(
    { length: random(12) },
    () => CHARACTERS[random(CHARACTERS.length)],
  ).join("");
}

/** Returns an object, white space, or noise that does not begin like an object. */
function randomLine(random: Random): string {
  const padding = ["", "", " ", "\t "][random(4)];
  switch (random(4)) {
    case 0:
      return `${padding}${" ".repeat(random(3))}`;
    case 1:
      return `${padding}!${randomText(random)}`;
    default:
      return padding + JSON.stringify({
        [randomText(random)]: randomText(random),
        n: random(1000),
      });
  }
}

function randomInput(random: Random): string {
  let input = random(8) === 0 ? "\ufeff" : "";
  for (let count = random(12); count > 0; count--) {
    input += randomLine(random) + ["\n", "\r\n"][random(2)];
  }
  return random(2) === 0 ? input : input + randomLine(random);
}

function* randomChunks(
  data: Uint8Array<ArrayBuffer>,
  random: Random,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const longest = [1, 3, 16, 200][random(4)] ?? 1;
  for (let start = 0; start < data.length;) {
    const size = random(longest + 1);
    yield data.subarray(start, start + size);
    start += size;
  }
}

/**
 * Decodes the lines of TextLineStream, which also yields blank lines, and keeps a
 * carriage return at the very end if no line feed follows.
 */
async function oracle(data: Uint8Array<ArrayBuffer>): Promise<Decoded> {
  const decoded: Decoded = { lines: [], diagnostics: [], problem: undefined };
  const endsInLineFeed = data.at(-1) === 0x0a;
  const texts = ReadableStream.from([data])
    .pipeThrough(new TextDecoderStream("utf-8", { ignoreBOM: true }))
    .pipeThrough(new TextLineStream());
  const lines = await Array.fromAsync(texts);
  for (const [index, line] of lines.entries()) {
    const isCut = index === lines.length - 1 && !endsInLineFeed;
    const text = isCut ? line.replace(/\r$/, "") : line;
    const lineNumber = index + 1;
    if (text.trim().startsWith("{")) {
      decoded.lines.push({ lineNumber, value: JSON.parse(text.trim()) });
    } else if (text.trim() !== "") {
      const noise = { kind: "noise", lineNumber, path: "" } as const;
      decoded.diagnostics.push({ ...noise, message: text });
    }
  }
  return decoded;
}

Deno.test(`JsonlDecoder frames ${INPUTS} random inputs in random chunks as TextLineStream does`, async () => {
  const random = randomNumbers(SEED);
  let objects = 0;
  let noise = 0;
  for (let index = 0; index < INPUTS; index++) {
    const input = randomInput(random);
    const data = utf8(input);
    const at = `ACODEX_TEST_SEED=${SEED}, input ${index}: ${
      JSON.stringify(input)
    }`;
    const actual = decode(randomChunks(data, random));
    assertEquals(actual, await oracle(data), at);
    objects += actual.lines.length;
    noise += actual.diagnostics.length;
  }
  // Enough of both kinds: inputs of only blank lines would prove nothing.
  assertEquals([objects > INPUTS, noise > INPUTS / 2], [true, true]);
});
