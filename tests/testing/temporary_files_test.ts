import { assertEquals } from "@std/assert";
import { temporaryFiles } from "../../src/testing/temporary_files.ts";

Deno.test("Temporary files are found by the prefix of their names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["codex-a", "codex", "other-b", "a-codex-c"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    await Deno.mkdir(`${folder}/codex-d`);
    assertEquals(temporaryFiles(folder).sort(), ["codex-a", "codex-d"]);
    assertEquals(
      temporaryFiles(folder, ["other-"]).sort(),
      ["codex-a", "codex-d", "other-b"],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
