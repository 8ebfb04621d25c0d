import { assert, assertEquals } from "@std/assert";
import { completedTurn, fakeCodex, printing } from "../support/fake_codex.ts";
import { jsrRegistry } from "../support/jsr_registry.ts";
import { MINUTE_MS } from "../support/waiting.ts";

/** Loads the three entries, and runs a turn of the blocking client with the CLI of the first argument. */
const PROGRAM = `import { Codex } from "jsr:@acodex/sdk";
import { reduceTurn } from "jsr:@acodex/sdk/streams";
import { CodexSync } from "jsr:@acodex/sdk/sync";
const codexPathOverride = Deno.args[0];
const { finalResponse } = new CodexSync({ codexPathOverride }).startThread().run("Hi");
console.log(JSON.stringify([typeof Codex, typeof reduceTurn, finalResponse]));`;

/** A folder with the program, and a cache of Deno that holds packages from npm alone. */
async function emptyCache(folder: string): Promise<string> {
  const info = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(info.stdout));
  const cache = `${folder}/cache`;
  await Deno.mkdir(cache);
  await Deno.symlink(npmCache, `${cache}/npm`);
  return cache;
}

// Facts R34.
Deno.test("Deno runs a blocking turn from JSR, with an empty cache and from the cache alone", async () => {
  await using fake = await fakeCodex(printing(...completedTurn("Hello")));
  await using registry = await jsrRegistry();
  const folder = await Deno.makeTempDir({ prefix: "acodex-jsr-" });
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, PROGRAM);
    const DENO_DIR = await emptyCache(folder);
    const run = async (...flags: string[]): Promise<string> => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--allow-all", "--no-lock", "--no-config", "--no-check"],
          ...[...flags, "main.ts", fake.path],
        ],
        cwd: folder,
        env: { DENO_DIR, JSR_URL: registry.url, NO_COLOR: "1" },
        signal: AbortSignal.timeout(MINUTE_MS),
      }).output();
      const text = new TextDecoder();
      assert(stdout.length > 0, text.decode(stderr));
      return text.decode(stdout).trim();
    };
    const wanted = JSON.stringify(["function", "function", "Hello"]);
    assertEquals(await run(), wanted);
    assert(registry.requested.includes("/src/sync/worker.ts"));
    const { length } = registry.requested;
    assertEquals(await run("--cached-only"), wanted);
    assertEquals(registry.requested.length, length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
