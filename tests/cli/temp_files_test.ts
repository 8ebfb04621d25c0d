import { assertEquals, assertRejects } from "@std/assert";
import { CodexEnvironmentError } from "../../src/errors/codex_error.ts";
import { writeImageFiles, writeSchemaFile } from "../../src/cli/temp_files.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import type { TurnImage } from "../../src/transport/transport.ts";
import { IMAGES, local } from "./local_images.ts";
import { withTempFolder } from "../exec/transport_support.ts";

const runtime = denoRuntime(Deno);

/** Images from memory. */
const FROM_MEMORY: readonly TurnImage[] = IMAGES.map(
  (source, index) => ({ inputPath: `input[${index}].image`, source }),
);

Deno.test("writeImageFiles writes images from memory to files that only this user can read, and keeps the order", async () => {
  const left = await withTempFolder(async (folder) => {
    const images = [...local("/a.png"), ...FROM_MEMORY, ...local("b.png")];
    const { paths, file } = await writeImageFiles(runtime, images);
    assertEquals(paths[0], "/a.png");
    assertEquals(paths.at(-1), "b.png");
    const written = paths.slice(1, -1);
    assertEquals(
      written.map((path) => path.slice(path.lastIndexOf("/") + 1)),
      ["1.png", "2.jpg", "3.gif", "4.webp"],
    );
    for (const [index, path] of written.entries()) {
      assertEquals(path.startsWith(`${folder}/codex-images-`), true);
      assertEquals(await Deno.readFile(path), FROM_MEMORY[index]?.source);
      assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
    const made = file?.folder ?? "";
    assertEquals(((await Deno.stat(made)).mode ?? 0) & 0o777, 0o700);
    await file?.remove();
    await file?.remove();
  });
  assertEquals(left, []);
});

Deno.test("writeImageFiles creates no folder if all images are files", async () => {
  const left = await withTempFolder(async () => {
    assertEquals(await writeImageFiles(runtime, local("a.png")), {
      paths: ["a.png"],
      file: undefined,
    });
  });
  assertEquals(left, []);
});

Deno.test("writeImageFiles leaves no folder behind if a file cannot be written", async () => {
  const left = await withTempFolder(async () => {
    const failing = {
      ...runtime,
      writeFile: () => Promise.reject(new Error("Disk full")),
    };
    await assertRejects(
      () => writeImageFiles(failing, FROM_MEMORY),
      Error,
      "Disk full",
    );
  });
  assertEquals(left, []);
});

Deno.test("writeSchemaFile leaves no folder behind if the file cannot be written", async () => {
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

Deno.test("writeSchemaFile's remove() can be called repeatedly", async () => {
  const left = await withTempFolder(async () => {
    const file = await writeSchemaFile(runtime, { a: [1] });
    assertEquals(await Deno.readTextFile(file.path), '{"a":[1]}');
    await file.remove();
    await file.remove();
  });
  assertEquals(left, []);
});

Deno.test("writeImageFiles rejects a folder for temporary files whose path has a comma, where the CLI would split it", async () => {
  const left = await withTempFolder(async (folder) => {
    const made = `${folder}/a,b`;
    await Deno.mkdir(made);
    const error = await assertRejects(
      () =>
        writeImageFiles({
          ...runtime,
          makeTempFolder: (prefix) => Deno.makeTempDir({ dir: made, prefix }),
        }, FROM_MEMORY),
      CodexEnvironmentError,
      "set TMPDIR to a folder whose path has none",
    );
    assertEquals(error.code, "host_unavailable");
    assertEquals(await Array.fromAsync(Deno.readDir(made)), []);
    await Deno.remove(made);
  });
  assertEquals(left, []);
});
