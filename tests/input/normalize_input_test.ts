import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import {
  MAX_PROMPT_LENGTH,
  normalizeInput,
} from "../../src/input/normalize_input.ts";
import type { Input } from "../../src/options/options.ts";

/** Returns the error for an input that the types may not allow. */
async function refusal(input: unknown): Promise<CodexInputError> {
  const error = await assertRejects(() => normalizeInput(input as Input));
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.code, "invalid_input");
  return error;
}

const text = (text: string) => ({ type: "text" as const, text });
const image = (path: string) => ({ type: "local_image" as const, path });

Deno.test("normalizeInput returns a string unchanged", async () => {
  for (const prompt of ["Do it", "  two\nlines  ", "\ufeffa", "🚀"]) {
    assertEquals(await normalizeInput(prompt), { prompt, images: [] });
  }
});

Deno.test("normalizeInput joins texts with blank lines, and keeps the order of images", async () => {
  assertEquals(
    await normalizeInput([
      image("b.png"),
      text("first"),
      image("a.png"),
      text(" second\n"),
      text(""),
      image("b.png"),
    ]),
    {
      prompt: "first\n\n second\n\n\n",
      images: [
        { inputPath: "input[0].path", source: "b.png" },
        { inputPath: "input[2].path", source: "a.png" },
        { inputPath: "input[5].path", source: "b.png" },
      ],
    },
  );
});

Deno.test("normalizeInput does not change the caller's parts", async () => {
  const input: Input = [text("a"), image("b")];
  const before = structuredClone(input);
  await normalizeInput(Object.freeze(input) as Input);
  assertEquals(input, before);
});

const SHAPES: [input: unknown, path: string, message: string][] = [
  [
    undefined,
    "input",
    "input must be a string or an array of parts, got undefined",
  ],
  [null, "input", "input must be a string or an array of parts, got null"],
  [7, "input", "input must be a string or an array of parts, got number"],
  [
    { type: "text", text: "a" },
    "input",
    "input must be a string or an array of parts, got object",
  ],
  [
    ["a"],
    "input[0]",
    'input[0] must be an object of type "text", "local_image" or "image", got string',
  ],
  [
    [text("a"), null],
    "input[1]",
    'input[1] must be an object of type "text", "local_image" or "image", got null',
  ],
  [
    [[text("a")]],
    "input[0]",
    'input[0] must be an object of type "text", "local_image" or "image", got array',
  ],
  [
    [{}],
    "input[0]",
    'input[0] must be an object of type "text", "local_image" or "image", got object',
  ],
  [
    [{ type: "audio" }],
    "input[0].type",
    'input[0].type must be "text", "local_image" or "image", got "audio"',
  ],
  [
    [{ type: undefined }],
    "input[0].type",
    'input[0].type must be "text", "local_image" or "image", got undefined',
  ],
  [
    [{ type: "text" }],
    "input[0].text",
    "input[0].text must be a string, got undefined",
  ],
  [
    [text("a"), { type: "text", text: 7 }],
    "input[1].text",
    "input[1].text must be a string, got number",
  ],
  [
    [text("a"), { type: "local_image" }],
    "input[1].path",
    "input[1].path must be a string, got undefined",
  ],
  [
    [text("a"), image("")],
    "input[1].path",
    "input[1].path must be a path that is not empty and has no NUL character",
  ],
  [
    [text("a"), image("a\0.png")],
    "input[1].path",
    "input[1].path must be a path that is not empty and has no NUL character",
  ],
];

for (const [input, path, message] of SHAPES) {
  Deno.test(`normalizeInput rejects ${JSON.stringify(input)}, and names its path`, async () => {
    const error = await refusal(input);
    assertEquals(error.message, message);
    assertEquals(error.path, path);
  });
}

Deno.test("normalizeInput rejects a type that cannot be shown, and shows the start of a long one", async () => {
  let deep: unknown[] = [];
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  const failing = {
    toJSON(): never {
      throw new Error("no JSON of me");
    },
  };
  const wrong = 'input[0].type must be "text", "local_image" or "image", got ';
  for (
    const [type, got] of [
      [deep, "array"],
      [1n, "bigint"],
      [failing, "object"],
      ["x".repeat(1000), `"${"x".repeat(100)}… (900 more characters)"`],
    ]
  ) {
    const error = await refusal([{ type }]);
    assertEquals(error.message, `${wrong}${got}`);
    assertEquals(error.path, "input[0].type");
  }
});

for (const blank of ["", " ", "\n\t\r\n", "\u00a0\u2003\u3000", "\u2028"]) {
  Deno.test(`normalizeInput rejects the blank prompt ${JSON.stringify(blank)}`, async () => {
    for (const input of [blank, [text(blank)], [text(blank), text("")]]) {
      assertEquals(
        (await refusal(input)).message,
        "Cannot send a blank prompt",
      );
    }
  });
}

Deno.test("normalizeInput rejects an empty array", async () => {
  assertEquals((await refusal([])).message, "Cannot send a blank prompt");
});

Deno.test("normalizeInput rejects images without a text", async () => {
  for (const input of [[image("a.png")], [image("a.png"), text(" ")]]) {
    assertEquals(
      (await refusal(input)).message,
      "Cannot send images without text: the CLI needs a prompt that is not blank",
    );
  }
});

Deno.test("normalizeInput accepts 1,048,576 characters, and rejects one more", async () => {
  assertEquals(MAX_PROMPT_LENGTH, 1_048_576);
  const longest = "a".repeat(MAX_PROMPT_LENGTH);
  assertEquals((await normalizeInput(longest)).prompt, longest);
  assertEquals(
    (await refusal(`${longest}a`)).message,
    "Cannot send a prompt of 1048577 characters: the CLI accepts at most 1048576",
  );
});

Deno.test("normalizeInput counts a character outside the BMP once", async () => {
  const longest = "🚀".repeat(MAX_PROMPT_LENGTH);
  assertEquals((await normalizeInput(longest)).prompt, longest);
  assertEquals(
    (await refusal(`${longest}a`)).message,
    "Cannot send a prompt of 1048577 characters: the CLI accepts at most 1048576",
  );
});

Deno.test("normalizeInput counts the blank lines between texts", async () => {
  const half = "a".repeat(MAX_PROMPT_LENGTH / 2 - 1);
  const { prompt } = await normalizeInput([text(half), text(half)]);
  assertEquals(prompt.length, MAX_PROMPT_LENGTH);
  await refusal([text(half), text(`${half}a`)]);
});

Deno.test("normalizeInput does not reveal the prompt in its errors", async () => {
  const secret = "my-secret ".repeat(200_000);
  assertEquals((await refusal(secret)).message.includes("my-secret"), false);
  assertEquals((await refusal([secret])).message.includes("my-secret"), false);
});

Deno.test("normalizeInput rejects a lone surrogate, and says where it is", async () => {
  const whole = await refusal("cut here: \ud83d");
  assertEquals(whole.path, "input");
  assertEquals(
    whole.message,
    "input contains half a character (a lone surrogate) at index 10: was the text cut inside an emoji?",
  );
  const part = await refusal([text("fine 🚀"), text("\udc00x")]);
  assertEquals(part.path, "input[1].text");
  assertEquals(part.message.includes("at index 0"), true);
});
