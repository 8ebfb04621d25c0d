import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { checkImages } from "../../src/cli/images.ts";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { concat, PNG } from "../input/images.ts";
import { IMAGES, local } from "./local_images.ts";
import { Tree } from "./locate/npm_tree.ts";

const runtime = denoRuntime(Deno);

Deno.test("checkImages accepts images of each kind, with any name, and links to them", async () => {
  await using tree = await Tree.make();
  const names = ["a b.png", "-x", "new\nline.txt", "grüße 🚀.png"];
  const paths: string[] = [];
  for (const [index, bytes] of IMAGES.entries()) {
    const path = tree.at(names[index] ?? "");
    await Deno.writeFile(path, bytes);
    paths.push(path);
  }
  await tree.link("link.png", "a b.png");
  await checkImages(runtime, local(...paths, tree.at("link.png")));
  await checkImages(runtime, []);
});

Deno.test("checkImages reports that only Windows has paths on another machine", async () => {
  const source = "\\\\server\\share\\a.png";
  const others = "it is on another machine, and only Windows has such paths";
  const nobody = () => Promise.resolve(undefined);
  for (
    const [path, platform, why] of [
      [source, "linux", others],
      // The path as sent when the CLI starts in another folder.
      [`/work/${source}`, "darwin", others],
      [source, "win32", "the file does not exist"],
      ["/work/\\a.png", "linux", "the file does not exist"],
    ]
  ) {
    const error = await assertRejects(() =>
      checkImages(
        { ...runtime, platform: String(platform), fileKind: nobody },
        local(String(path)),
      ), CodexInputError);
    assertStringIncludes(error.message, `: ${why}`);
  }
});

Deno.test("checkImages rejects files that are not images, and names the first and its path in the input", async () => {
  await using tree = await Tree.make();
  const image = tree.at("image.png");
  await Deno.writeFile(image, PNG);
  const folder = await tree.folder("folder");
  await tree.link("broken.png", "gone.png");
  await Deno.writeTextFile(tree.at("empty.png"), "");
  await Deno.writeTextFile(tree.at("text.png"), "an image");
  await Deno.writeFile(tree.at("cut.png"), PNG.subarray(0, 50));
  const noImage = "it is not a PNG, JPEG, GIF or WebP image";
  const refused: [path: string, why: string][] = [
    [tree.at("gone.png"), "the file does not exist"],
    [tree.at("broken.png"), "the file does not exist"],
    [folder, "it is a folder"],
    ["/dev/null", "it is not a file"],
    [tree.at("empty.png"), "it is empty"],
    [tree.at("text.png"), noImage],
    [tree.at("cut.png"), "it is cut off: the PNG ends in an IDAT chunk"],
    [
      tree.at("a,b.png"),
      "the CLI splits paths at commas; rename or copy the file, or pass its bytes",
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

Deno.test("checkImages rejects an image that cannot be read", async () => {
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

Deno.test("checkImages reads images of every length completely, except very large ones", async () => {
  await using tree = await Tree.make();
  const path = tree.at("image.png");
  const MiB = 1 << 20;
  // A chunk that fills the file, and none after it: a truncated PNG.
  const head = PNG.subarray(0, 33);
  for (const length of [MiB - 1, MiB, MiB + 1, 8 * MiB, 64 * MiB - 1]) {
    await Deno.writeFile(path, head);
    await Deno.truncate(path, length);
    await assertRejects(
      () => checkImages(runtime, local(path)),
      CodexInputError,
      "the PNG has no IDAT chunk",
    );
    // The end of the file is read too.
    const fill = new DataView(new ArrayBuffer(8));
    fill.setUint32(0, length - head.length - 12 - PNG.length + head.length);
    new TextEncoder().encodeInto("tEXt", new Uint8Array(fill.buffer, 4));
    await Deno.writeFile(path, concat(head, new Uint8Array(fill.buffer)));
    await Deno.truncate(path, length - PNG.length + head.length);
    await Deno.writeFile(path, PNG.subarray(head.length), { append: true });
    assertEquals((await Deno.stat(path)).size, length);
    await checkImages(runtime, local(path));
  }
  await Deno.writeFile(path, head);
  await Deno.truncate(path, 64 * MiB);
  await checkImages(runtime, local(path));
});
