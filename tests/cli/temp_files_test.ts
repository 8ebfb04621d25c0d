import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  CodexEnvironmentError,
  CodexInputError,
} from "../../src/errors/codex_error.ts";
import {
  checkImages,
  writeImageFiles,
  writeSchemaFile,
} from "../../src/cli/temp_files.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import type { TurnImage } from "../../src/transport/transport.ts";
import { Tree } from "./locate/npm_tree.ts";
import { withTempFolder } from "../exec/transport_support.ts";

const runtime = denoRuntime(Deno);

/** What a file begins with that is an image of each kind. */
const STARTS: { readonly [kind: string]: readonly number[] } = {
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  jpg: [0xff, 0xd8, 0xff, 0xe0],
  gif: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  webp: [0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50],
};

/** Images by their paths, as they stand in an input after a text. */
function local(...paths: readonly string[]): TurnImage[] {
  return paths.map((source, index) => ({
    place: `input[${index + 1}].path`,
    source,
  }));
}

Deno.test("checkImages takes images of each kind whatever their names, and links to them", async () => {
  await using tree = await Tree.make();
  const names = ["a b.png", "-x", "new\nline.txt", "grüße 🚀.png"];
  const paths: string[] = [];
  for (const [index, bytes] of Object.values(STARTS).entries()) {
    const path = tree.at(names[index] ?? "");
    await Deno.writeFile(path, new Uint8Array([...bytes, 0]));
    paths.push(path);
  }
  await tree.link("link.png", "a b.png");
  await checkImages(runtime, local(...paths, tree.at("link.png")));
  await checkImages(runtime, []);
});

Deno.test("checkImages refuses what is no image, and names the first and its place", async () => {
  await using tree = await Tree.make();
  const image = tree.at("image.png");
  await Deno.writeFile(image, new Uint8Array(STARTS.png ?? []));
  const folder = await tree.folder("folder");
  await tree.link("broken.png", "gone.png");
  await Deno.writeTextFile(tree.at("empty.png"), "");
  await Deno.writeTextFile(tree.at("text.png"), "an image");
  const noImage = "its content is no PNG, JPEG, GIF or WebP";
  const refused: [path: string, why: string][] = [
    [tree.at("gone.png"), "there is no such file"],
    [tree.at("broken.png"), "there is no such file"],
    [folder, "it is a folder"],
    ["/dev/null", "it is not a file"],
    [tree.at("empty.png"), "it is empty"],
    [tree.at("text.png"), noImage],
    [
      tree.at("a,b.png"),
      "the CLI splits paths at commas; rename or copy the file, or give its bytes",
    ],
  ];
  for (const [path, why] of refused) {
    const error = await assertRejects(
      () => checkImages(runtime, local(image, path, "/nowhere")),
    );
    assertInstanceOf(error, CodexInputError);
    assertEquals(
      error.message,
      `Cannot send image "${path}" at input[2].path: ${why}`,
    );
    assertEquals(error.path, "input[2].path");
  }
});

Deno.test("checkImages refuses an image that cannot be read", async () => {
  await using tree = await Tree.make();
  const path = await tree.program("image.png");
  const error = await assertRejects(
    () =>
      checkImages(
        {
          ...runtime,
          readStart: () =>
            Promise.reject(Object.assign(new Error(), { code: "EACCES" })),
        },
        local(path),
      ),
    CodexInputError,
  );
  assertEquals(
    error.message,
    `Cannot send image "${path}" at input[1].path: it cannot be read: permission denied (EACCES)`,
  );
});

/** Images from memory. */
const FROM_MEMORY: readonly TurnImage[] = Object.values(STARTS).map(
  (bytes, index) => ({
    place: `input[${index}].image`,
    source: new Uint8Array(bytes),
  }),
);

Deno.test("writeImageFiles writes images from memory where only this user can read them, and keeps the order", async () => {
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

Deno.test("writeImageFiles makes no folder where all images are files", async () => {
  const left = await withTempFolder(async () => {
    assertEquals(await writeImageFiles(runtime, local("a.png")), {
      paths: ["a.png"],
      file: undefined,
    });
  });
  assertEquals(left, []);
});

Deno.test("writeImageFiles leaves no folder behind where a file cannot be written", async () => {
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

Deno.test("writeImageFiles refuses a folder for temporary files that the CLI would split at a comma", async () => {
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
      "set TMPDIR to a folder without one",
    );
    assertEquals(error.code, "host_unavailable");
    assertEquals(await Array.fromAsync(Deno.readDir(made)), []);
    await Deno.remove(made);
  });
  assertEquals(left, []);
});
