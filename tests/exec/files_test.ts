import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { CodexInputError } from "../../src/errors.ts";
import { checkImages, writeSchemaFile } from "../../src/exec/files.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { Tree } from "./npm_tree.ts";
import { withTempFolder } from "./transport_support.ts";

const runtime = denoRuntime(Deno);

Deno.test("checkImages takes files, and links to them", async () => {
  await using tree = await Tree.make();
  const image = await tree.program("dir with space/image.png");
  await tree.link("link.png", "dir with space/image.png");
  await checkImages(runtime, [image, tree.at("link.png"), image]);
  await checkImages(runtime, []);
});

Deno.test("checkImages refuses what is no file, and names the first", async () => {
  await using tree = await Tree.make();
  const image = await tree.program("image.png");
  const folder = await tree.folder("folder");
  await tree.link("broken.png", "gone.png");
  const refused: [path: string, why: string][] = [
    [tree.at("gone.png"), "there is no such file"],
    [tree.at("broken.png"), "there is no such file"],
    [folder, "it is not a file"],
    ["/dev/null", "it is not a file"],
  ];
  for (const [path, why] of refused) {
    const error = await assertRejects(
      () => checkImages(runtime, [image, path, "/nowhere"]),
    );
    assertInstanceOf(error, CodexInputError);
    assertEquals(error.message, `Cannot send image "${path}": ${why}`);
    assertEquals(error.path, "input");
  }
});

Deno.test("writeSchemaFile leaves no folder behind where the file cannot be written", async () => {
  const left = await withTempFolder(async () => {
    const failing = {
      ...runtime,
      writeFile: () => Promise.reject(new Error("Disk full")),
    };
    await assertRejects(
      () => writeSchemaFile(failing, {}),
      Error,
      "Disk full",
    );
  });
  assertEquals(left, []);
});

Deno.test("writeSchemaFile removes its file once, and again without harm", async () => {
  const left = await withTempFolder(async () => {
    const file = await writeSchemaFile(runtime, { a: [1] });
    assertEquals(await Deno.readTextFile(file.path), '{"a":[1]}');
    await file.remove();
    await file.remove();
  });
  assertEquals(left, []);
});
