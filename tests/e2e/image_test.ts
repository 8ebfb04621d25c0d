import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";
import { runTurn } from "./permitted_turn.ts";

/** A PNG of one pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

Deno.test("Thread.run sends images to the model, also in a later turn", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("One")),
    modelAnswer(modelMessage("Two")),
  ]);
  const path = `${real.repo}/dot.png`;
  const odd = `${real.repo}/a dot again.png`;
  await Deno.writeFile(path, Uint8Array.fromBase64(PNG));
  await Deno.copyFile(path, odd);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run([
    { type: "text", text: "Look" },
    { type: "local_image", path },
  ]);
  await thread.run([
    { type: "local_image", path: odd },
    { type: "text", text: "Look again" },
    { type: "local_image", path },
  ]);
  const [first, second] = real.model.requests;
  assertEquals(first?.images.length, 1);
  assertStringIncludes(first?.images[0] ?? "", "data:image/png;base64,");
  assertEquals(second?.images.length, 2);
  // With images before `resume` the CLI would have opened a new thread (facts F10).
  assertStringIncludes(second?.text ?? "", "Look again");
  assertStringIncludes(second?.text ?? "", '"One"');
});

// Facts F28.
Deno.test("Thread.run resolves a relative image path from the host's folder, as the CLI does", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("Seen"))]);
  const name = "-dot.png";
  await Deno.writeFile(`${real.repo}/${name}`, Uint8Array.fromBase64(PNG));
  const thread = real.codex.startThread(real.inRepo);
  const input = [
    { type: "text" as const, text: "Look" },
    { type: "local_image" as const, path: name },
  ];
  // The image is only in the agent's folder, where the CLI does not look.
  await assertRejects(() => thread.run(input), CodexInputError, name);
  const host = await runTurn(real, {
    flags: ["--allow-all"],
    cwd: real.repo,
    thread: { ...real.inRepo, workingDirectory: Deno.cwd() },
    images: [name],
  });
  assertEquals(host, { says: "Seen" });
  assertEquals(real.model.requests.length, 1);
  assertEquals(real.model.requests[0]?.images.length, 1);
});

Deno.test("Thread.run rejects a missing image before it starts the CLI", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread(real.inRepo);
  for (const path of [`${real.repo}/missing.png`, real.repo]) {
    const error = await assertRejects(
      () =>
        thread.run([
          { type: "text", text: "Look" },
          { type: "local_image", path },
        ]),
      CodexInputError,
      path,
    );
    assertEquals(error.code, "invalid_input");
  }
  assertEquals(real.hasStarted(), false);
  assertEquals(thread.id, null);
});

// Facts F24.
Deno.test("Thread.run rejects an image whose path the CLI would split at a comma", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("Seen"))]);
  const path = `${real.repo}/a,b.png`;
  await Deno.writeFile(path, Uint8Array.fromBase64(PNG));
  await assertRejects(
    () =>
      real.codex.startThread(real.inRepo).run([
        { type: "text", text: "Look" },
        { type: "local_image", path },
      ]),
    CodexInputError,
    "comma",
  );
  assertEquals(real.model.requests, []);
});
