import { assertEquals, assertStringIncludes } from "@std/assert";
import { WEB_CONFIG } from "../../scripts/check_web.ts";
import { ROOT_URL } from "../../scripts/project.ts";
import { run } from "../../scripts/run.ts";

async function readJson(path: string) {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT_URL)));
}

Deno.test("the web configuration equals deno.json except for its libraries", async () => {
  const web = await readJson(WEB_CONFIG);
  const { compilerOptions, imports } = await readJson("deno.json");
  const { lib } = web.compilerOptions;
  assertEquals(web.compilerOptions, { ...compilerOptions, lib });
  assertEquals(web.imports, { zod: imports.zod });
});

Deno.test("globals of runtimes do not type-check with the web's libraries", async () => {
  const names = ["Deno", "process", "Buffer", "Bun", "require"];
  const folder = await Deno.makeTempDir({ prefix: "acodex-web-" });
  try {
    const file = `${folder}/a.ts`;
    await Deno.writeTextFile(file, `export const a = [${names}];\n`);
    const args = ["check", "--config", WEB_CONFIG, file];
    const { code, stderr } = await run(Deno.execPath(), args);
    assertEquals(code, 1);
    for (const name of names) {
      assertStringIncludes(stderr, `Cannot find name '${name}'`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
