import { assert, assertEquals } from "@std/assert";

/**
 * A module in the output of `deno info`, with its imports. Type-only imports are not
 * loaded.
 */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
  }[];
}

/**
 * Returns the specifiers of all modules that an entry loads, at import or later.
 *
 * @param never A module that is imported but never loaded.
 */
async function listModules(entry: string, never?: string): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: new URL("../../", import.meta.url),
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: readonly Module[];
  };
  const loaded = new Set([new URL(`../../${entry}`, import.meta.url).href]);
  // A set is iterated in insertion order, including the elements added meanwhile.
  for (const specifier of loaded) {
    if (never !== undefined && specifier.endsWith(never)) continue;
    const module = modules.find((each) => each.specifier === specifier);
    for (const { code } of module?.dependencies ?? []) {
      if (code !== undefined) loaded.add(code.specifier);
    }
  }
  return [...loaded];
}

/** Modules that only the blocking client may load. */
const BLOCKING = /\/src\/sync\/|node:worker_threads/;

Deno.test("The asynchronous client does not load the blocking client", async () => {
  for (const entry of ["mod.ts", "streams.ts"]) {
    const modules = await listModules(entry);
    assert(modules.length > 5);
    assertEquals(modules.filter((name) => BLOCKING.test(name)), []);
  }
});

Deno.test("The blocking client's own thread does not load any module that runs a turn", async () => {
  const worker = "/src/sync/worker.ts";
  const modules = await listModules("sync.ts", worker);
  // As an import, so that tools that follow imports find it.
  assert(modules.some((name) => name.endsWith(worker)));
  const own = modules.filter((name) =>
    /\/src\/(?:runtime\/(?!globals|entry_module)|thread\/|turn\/run_turn|codex|exec\/|cli\/terminate\/)/
      .test(name)
  );
  assertEquals(own, []);
});
