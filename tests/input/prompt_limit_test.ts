import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  MAX_PROMPT_LENGTH,
  normalizeInput,
} from "../../src/input/normalize_input.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { Tree } from "../cli/locate/npm_tree.ts";
import { type RealRun, runReal } from "../exec/real_cli.ts";

/** Tells whether this package accepts a prompt. */
async function isTaken(prompt: string): Promise<boolean> {
  try {
    await normalizeInput(prompt);
    return true;
  } catch {
    return false;
  }
}

/** Sends a prompt to the real CLI unchanged. */
async function send(prompt: string): Promise<RealRun & { asked: number }> {
  await using home = await Tree.make();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("Done"))
  );
  const run = await runReal(model, { prompt, home: home.path });
  const asked = model.requests.filter(({ number }) => number > 0).length;
  return { ...run, asked };
}

for (const character of ["a", "🚀"]) {
  // Facts F1.
  Deno.test(`normalizeInput has the same limit as the real CLI, with "${character}"`, async () => {
    const longest = character.repeat(MAX_PROMPT_LENGTH);
    assertEquals(await isTaken(longest), true);
    const taken = await send(longest);
    assertEquals([taken.code, taken.asked], [0, 1], taken.stderr);

    assertEquals(await isTaken(`${longest}a`), false);
    const refused = await send(`${longest}a`);
    assertEquals([refused.code, refused.asked], [1, 0]);
  });
}

for (
  const blank of ["", " \t\r\n", "\u00a0\u2003\u3000\u2028", "\u0085", "\ufeff"]
) {
  Deno.test(`normalizeInput rejects a prompt that is blank for the real CLI: ${JSON.stringify(blank)}`, async () => {
    const { code, stderr, asked } = await send(blank);
    assertEquals([code, asked], [1, 0]);
    assertStringIncludes(stderr, "No prompt provided via stdin.");
    await assertRejects(() => normalizeInput(blank));
  });
}

for (const notBlank of ["\u200b", "\u0000", "."]) {
  Deno.test(`normalizeInput accepts a prompt that is not blank for the real CLI: ${JSON.stringify(notBlank)}`, async () => {
    assertEquals((await send(notBlank)).code, 0);
    assertEquals(await isTaken(notBlank), true);
  });
}
