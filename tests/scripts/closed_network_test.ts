import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildFileRegistry } from "../../scripts/closed_network/mod.ts";
import { writeFileTree } from "../../scripts/closed_network/file_tree.ts";
import { jsrAnswers } from "../../scripts/closed_network/probe.ts";

/** A folder that goes when the test ends. */
async function makeTempFolder(): Promise<
  { path: string; url: URL } & AsyncDisposable
> {
  const path = await Deno.makeTempDir({ prefix: "acodex-closed-" });
  const url = pathToFileURL(`${path}/`);
  return {
    path,
    url,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Runs a test file against the registry of files, and returns what Deno printed. */
async function runTestFile(
  source: string,
): Promise<{ success: boolean; output: string }> {
  await using folder = await makeTempFolder();
  const imports = {
    "@std/assert": "jsr:@std/assert@^1.0.0",
    "@std/jsonc": "jsr:@std/jsonc@^1.0.0",
    "@std/streams": "jsr:@std/streams@^1.1.0",
    "@std/yaml": "jsr:@std/yaml@^1.0.0",
  };
  await Deno.writeTextFile(
    `${folder.path}/deno.json`,
    JSON.stringify({ imports, lock: false }),
  );
  await Deno.writeTextFile(`${folder.path}/a_test.ts`, source);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "a_test.ts"],
    cwd: folder.path,
    env: { JSR_URL: (await buildFileRegistry()).href, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("buildFileRegistry() serves the packages of the standard library", async () => {
  const { success, output } = await runTestFile(`
    import { assertEquals, assertThrows } from "@std/assert";
    import { parse } from "@std/jsonc";
    import { TextLineStream, toText } from "@std/streams";
    import { parse as parseYaml } from "@std/yaml";
    Deno.test("works", async () => {
      assertEquals(parse("[1, /* two */ 2,]"), [1, 2]);
      assertThrows(() => assertEquals(1, 2), Error, "Values are not equal");
      const lines = ReadableStream.from(["a\\nb"]).pipeThrough(new TextLineStream());
      assertEquals(await toText(lines), "ab");
      assertEquals(parseYaml("on: [1, two]"), { on: [1, "two"] });
    });
  `);
  assert(success, output);
  assertStringIncludes(output, "1 passed");
});

Deno.test("a type error in a test file fails through the file registry", async () => {
  const { success, output } = await runTestFile(`
    import { assertEquals } from "@std/assert";
    Deno.test("would pass", () => assertEquals(1, 1, 1));
  `);
  assert(!success);
  assertStringIncludes(output, "TS2345");
});

Deno.test("writeFileTree() gives a changed package another URL, and keeps an unchanged one", async () => {
  await using folder = await makeTempFolder();
  const pack = (text: string) => [{
    name: "@a/b",
    version: "1.0.0",
    files: new Map([["/mod.js", text]]),
  }];
  const first = await writeFileTree(folder.url, pack("1"));
  const second = await writeFileTree(folder.url, pack("2"));
  assert(first.href !== second.href);
  assertEquals((await writeFileTree(folder.url, pack("1"))).href, first.href);
  assertEquals(
    await Deno.readTextFile(new URL("@a/b/1.0.0/mod.js", second)),
    "2",
  );
});

Deno.test("writeFileTree() holds when several run at once", async () => {
  await using folder = await makeTempFolder();
  const files = new Map([["/mod.js", "1"]]);
  const runs = Array.from(
    { length: 8 },
    () =>
      writeFileTree(folder.url, [{ name: "@a/b", version: "1.0.0", files }]),
  );
  const urls = new Set((await Promise.all(runs)).map((url) => url.href));
  assertEquals(urls.size, 1);
  const left = await Array.fromAsync(Deno.readDir(folder.url));
  assertEquals(left.length, 1, "a draft was left behind");
});

Deno.test("jsrAnswers() gives a registry up that says nothing", async () => {
  // It takes connections and never answers.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = { JSR_URL: `http://127.0.0.1:${silent.addr.port}/` };
  const started = performance.now();
  assertEquals(
    await jsrAnswers(["jsr:@std/assert@^1.0.0"], { silenceMs: 300, env }),
    false,
  );
  assert(performance.now() - started < 2_500);
});

Deno.test("jsrAnswers() takes a registry that has the packages", async () => {
  const env = { JSR_URL: (await buildFileRegistry()).href };
  assertEquals(await jsrAnswers(["jsr:@std/assert@^1.0.0"], { env }), true);
});
