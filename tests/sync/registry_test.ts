import { assert, assertEquals } from "@std/assert";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { jsrRegistry } from "../support/jsr_registry.ts";
import { publishedProgram, runPublished } from "../support/published.ts";
import { realCodex } from "../support/real_codex.ts";

/** Creates a cache for Deno that contains only packages from npm. */
async function emptyCache(folder: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  const cache = `${folder}/cache`;
  await Deno.mkdir(cache);
  await Deno.symlink(npmCache, `${cache}/npm`);
  return cache;
}

// Facts R34.
Deno.test("Deno runs a blocking turn from JSR, with an empty cache and with only the cache", async () => {
  await using real = await realCodex(
    ["Hello", "Again"].map((text) => modelAnswer(modelMessage(text))),
  );
  await using registry = await jsrRegistry();
  const folder = await Deno.makeTempDir({ prefix: "acodex-jsr-" });
  try {
    const program = publishedProgram("jsr:@acodex/sdk");
    await Deno.writeTextFile(`${folder}/main.ts`, program);
    const env = {
      DENO_DIR: await emptyCache(folder),
      JSR_URL: registry.url,
    };
    const deno = [Deno.execPath(), "run", "--allow-all", "--no-lock"];
    const run = (...flags: string[]): Promise<unknown> => {
      const args = ["--no-config", "--no-check", ...flags, "main.ts"];
      return runPublished(real, [...deno, ...args], folder, env);
    };
    assertEquals(await run(), ["function", "function", "Hello"]);
    assert(registry.requested.includes("/src/sync/worker.ts"));
    const { length } = registry.requested;
    assertEquals(await run("--cached-only"), ["function", "function", "Again"]);
    assertEquals(registry.requested.length, length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
