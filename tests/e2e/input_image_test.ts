import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Codex, CodexInputError, type UserInput } from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { withTempFolder } from "../exec/transport_support.ts";
import { GIF, PNG } from "../input/images.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { realCodex } from "../support/real_codex.ts";
import { SLEEP, until } from "../../src/testing/waiting.ts";

const LOOK: UserInput = { type: "text", text: "Look" };

Deno.test("Thread.run sends images from memory to the model, in order", async () => {
  const left = await withTempFolder(async () => {
    await using real = await realCodex([modelAnswer(modelMessage("Seen"))]);
    const path = `${real.repo}/a dot\n -grüße 🚀.png`;
    await Deno.writeFile(path, PNG);
    await real.codex.startThread(real.inRepo).run([
      LOOK,
      { type: "image", image: GIF },
      { type: "local_image", path },
      { type: "image", image: new Blob([PNG]) },
      { type: "image", image: `data:image/gif;base64,${GIF.toBase64()}` },
      { type: "image", image: new URL(`file://${encodeURI(path)}`) },
    ]);
    const images = real.model.requests[0]?.images ?? [];
    // The CLI passes a PNG on unchanged, and converts a GIF to one.
    const png = `data:image/png;base64,${PNG.toBase64()}`;
    const gif = images[0] ?? "";
    assertStringIncludes(gif, "data:image/png;base64,");
    assertNotEquals(gif, png);
    assertEquals(images, [gif, png, png, gif, png]);
    assertStringIncludes(real.model.requests[0]?.prompt ?? "", "Look");
  });
  assertEquals(left, []);
});

Deno.test("Thread.run accepts an image from memory in a later turn", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("One")),
    modelAnswer(modelMessage("Two")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Hello");
  await thread.run([{ type: "image", image: PNG }, LOOK]);
  assertEquals(real.model.requests[1]?.images.length, 1);
  assertStringIncludes(real.model.requests[1]?.text ?? "", '"One"');
});

Deno.test("Thread.run rejects a value that is not an image before it starts the CLI, and names its path", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread(real.inRepo);
  const path = `${real.repo}/text.png`;
  await Deno.writeTextFile(path, "no image");
  const refused: [part: UserInput, path: string][] = [
    [{ type: "image", image: new Uint8Array([1, 2, 3]) }, "input[2].image"],
    [{ type: "image", image: new URL("https://a.test/b") }, "input[2].image"],
    [
      { type: "image", image: new URL(`file://${real.repo}/gone.png`) },
      "input[2].image",
    ],
    [{ type: "local_image", path }, "input[2].path"],
  ];
  for (const [part, place] of refused) {
    const error = await assertRejects(
      () => thread.run([LOOK, { type: "image", image: PNG }, part]),
      CodexInputError,
      `at ${place}: `,
    );
    assertEquals(error.path, place);
  }
  assertEquals(real.hasStarted(), false);
});

const STAYS =
  `echo '{"type":"thread.started","thread_id":"01a204fd-5d2f-7c33-a821-7f8c92f2a0ef"}'\nexec ${SLEEP}`;

const ENDINGS: readonly [how: string, script: string][] = [
  ["fails", "exit 3"],
  ["cannot be read", `echo '{oops}'\nexec ${SLEEP}`],
  ["is left by break", STAYS],
];

for (const [how, script] of ENDINGS) {
  Deno.test(`Thread.runStreamed leaves no image behind if the turn ${how}`, async () => {
    await using fake = await fakeCodex(script);
    let during: number | undefined;
    const left = await withTempFolder(async (folder) => {
      const thread = new Codex({ codexPathOverride: fake.path }).startThread();
      const streamed = await thread.runStreamed(
        [LOOK, { type: "image", image: PNG }],
        { outputSchema: { type: "object" } },
      );
      // Nothing is written before the turn begins.
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
      try {
        for await (const _ of streamed.events) {
          during = (await Array.fromAsync(Deno.readDir(folder))).length;
          break;
        }
      } catch {
        // The turn's error does not matter here.
      }
    });
    assertEquals(left, []);
    // If an event came, both folders existed: the schema's and the images'.
    assertEquals(during, script === STAYS ? 2 : undefined);
  });
}

Deno.test("an image from memory is gone when the host is killed in the middle of the turn", async () => {
  await using fake = await fakeCodex(STAYS);
  const left = await withTempFolder(async (folder) => {
    const code = `
      import { Codex } from ${
      JSON.stringify(import.meta.resolve("../../mod.ts"))
    };
      const image = new Uint8Array([${GIF}]);
      const { events } = await new Codex({
        codexPathOverride: ${JSON.stringify(fake.path)},
        shutdownGraceMs: 100,
      }).startThread().runStreamed([
        { type: "text", text: "Look" },
        { type: "image", image },
      ]);
      for await (const _ of events) console.log("begun");`;
    const host = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      env: { TMPDIR: folder },
      cwd: new URL("../..", import.meta.url),
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = host.stdout.getReader();
    assertStringIncludes(
      new TextDecoder().decode((await output.read()).value),
      "begun",
    );
    const names = async (): Promise<string[]> =>
      (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
        .filter((name) => name.startsWith("codex-images-"));
    assertEquals((await names()).length, 1);
    host.kill("SIGKILL");
    await host.status;
    await output.cancel();
    // The watchdog ends the CLI first.
    await until(
      "the end of the images",
      async () => (await names()).length === 0 || undefined,
    );
  });
  assertEquals(left.filter((name) => name.startsWith("codex-images-")), []);
});
