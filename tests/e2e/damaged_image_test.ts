import { assertEquals, assertRejects } from "@std/assert";
import { CodexInputError, type UserInput } from "../../mod.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { DAMAGED, TAKEN } from "../input/damage/damaged_images.ts";
import { realCodex } from "../support/real_codex.ts";
import { runCodex } from "../testing/support.ts";
import { tempFolder } from "../support/temp_folder.ts";

const LOOK: UserInput = { type: "text", text: "Look" };

// Facts F41.
Deno.test("The real CLI omits damaged images, and completes the turn", async () => {
  await using folder = await tempFolder();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const args: string[] = [];
  for (const [index, [, image]] of DAMAGED.entries()) {
    const path = `${folder.path}/${index}`;
    await Deno.writeFile(path, image);
    args.push("--image", path);
  }
  const run = await runCodex(model, "Look", { args });
  assertEquals(run.code, 0, run.stderr);
  assertEquals(model.requests.at(-1)?.images, []);
});

Deno.test("Thread.run rejects damaged images before it starts the CLI, and says what is missing", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread(real.inRepo);
  for (const [index, [, image, why]] of DAMAGED.entries()) {
    const path = `${real.repo}/${index}.png`;
    await Deno.writeFile(path, image);
    const base64 = `data:image/png;base64,${image.toBase64()}`;
    const parts: readonly [part: UserInput, named: string][] = [
      [{ type: "local_image", path }, `"${path}" at input[1].path`],
      [{ type: "image", image: new URL(`file://${path}`) }, `"${path}" at`],
      [{ type: "image", image }, "input[1].image"],
      [{ type: "image", image: new Blob([image.slice()]) }, "input[1].image"],
      [{ type: "image", image: base64 }, "input[1].image"],
    ];
    for (const [part, named] of parts) {
      const error = await assertRejects(
        () => thread.run([LOOK, part]),
        CodexInputError,
        why,
      );
      assertEquals(error.message.includes(named), true, error.message);
      assertEquals(
        error.path,
        part.type === "image" ? "input[1].image" : "input[1].path",
      );
    }
  }
  assertEquals(real.hasStarted(), false);
});

Deno.test("Thread.run sends all images that the CLI accepts, including damaged ones, by path and from memory", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("One")),
    modelAnswer(modelMessage("Two")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const files: UserInput[] = [];
  for (const [index, [, image]] of TAKEN.entries()) {
    const path = `${real.repo}/${index}`;
    await Deno.writeFile(path, image);
    files.push({ type: "local_image", path });
  }
  await thread.run([LOOK, ...files]);
  await thread.run([
    LOOK,
    ...TAKEN.map(([, image]): UserInput => ({ type: "image", image })),
  ]);
  for (const request of real.model.requests) {
    assertEquals(request.images.length, TAKEN.length);
  }
  assertEquals(real.model.requests.length, 2);
});
