import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { fileUrlToPath } from "../../src/input/file_url.ts";
import { imageType } from "../../src/input/image_type.ts";
import { readImage } from "../../src/input/read_image.ts";
import type { ImageSource } from "../../src/options/options.ts";
import { GIF, JPEG, PNG, WEBP } from "./images.ts";

const PLACE = "input[1].image";

Deno.test("imageType recognizes the kinds that the CLI accepts by their content", () => {
  assertEquals([PNG, JPEG, GIF, WEBP].map(imageType), [
    "png",
    "jpg",
    "gif",
    "webp",
  ]);
  const others = ["", "BM", "<svg/>", "%PDF-1.7", "RIFF\0\0\0\0WAVE", "GIF90a"];
  for (const text of others) {
    assertEquals(imageType(new TextEncoder().encode(text)), undefined);
  }
  for (const image of [PNG, JPEG, GIF, WEBP]) {
    assertEquals(imageType(image.subarray(0, 2)), undefined);
    assertEquals(imageType(image.subarray(1)), undefined);
  }
});

const base64 = PNG.toBase64();
const percents = [...PNG].map((byte) =>
  `%${byte.toString(16).padStart(2, "0")}`
)
  .join("");
const inside = new Uint8Array([0, 0, ...PNG, 0]);

const SOURCES: { readonly [name: string]: ImageSource } = {
  "bytes": PNG,
  "an ArrayBuffer": PNG.buffer,
  "a part of a buffer": inside.subarray(2, -1),
  "a Blob": new Blob([PNG]),
  "a Blob with another media type": new Blob([PNG], { type: "text/x" }),
  "a File": new File([PNG], "x.txt"),
  "a data: URL": `data:image/png;base64,${base64}`,
  "a data: URL in capitals": `DATA:;BASE64,${base64}`,
  "a data: URL with escapes": `data:;base64,${encodeURIComponent(base64)}`,
  "a data: URL with percent encoding": `data:image/png,${percents}`,
  "a data: URL as a URL": new URL(`data:image/png;base64,${base64}`),
};

for (const [name, source] of Object.entries(SOURCES)) {
  Deno.test(`readImage accepts ${name}`, async () => {
    assertEquals(await readImage(source, PLACE), {
      inputPath: PLACE,
      source: PNG,
    });
  });
}

Deno.test("readImage copies bytes, which the caller may change afterwards", async () => {
  const own = PNG.slice();
  const reading = [readImage(own, PLACE), readImage(own.buffer, PLACE)];
  own.fill(0);
  for (const image of await Promise.all(reading)) {
    assertEquals(image.source, PNG);
  }
});

Deno.test("readImage converts a file: URL to the path of a file", async () => {
  const paths: [url: string, path: string][] = [
    ["file:///a/b.png", "/a/b.png"],
    ["file://localhost/a.png", "/a.png"],
    ["file:///a%20b/gr%C3%BC%C3%9Fe%0A%23%3F.png", "/a b/grüße\n#?.png"],
    ["file:///-x,y.png", "/-x,y.png"],
    ["file:///C:/a/b.png", "C:/a/b.png"],
    ["file:///a%5Cb.png", "/a\\b.png"],
    ["file://server/sh%20are/%C3%BC.png", "\\\\server\\sh are\\ü.png"],
  ];
  for (const [url, source] of paths) {
    assertEquals(await readImage(new URL(url), PLACE), {
      inputPath: PLACE,
      source,
    });
  }
});

const broken = {
  size: 3,
  type: "image/png",
  arrayBuffer: () => Promise.reject(new Error("gone")),
};

const REFUSED: readonly [source: unknown, why: string][] = [
  [new Uint8Array(), "it is empty"],
  [new Blob([]), "it is empty"],
  ["data:,", "it is empty"],
  [
    new TextEncoder().encode("<svg/>"),
    "it is not a PNG, JPEG, GIF or WebP image",
  ],
  [
    new Blob(["text"], { type: "image/png" }),
    "it is not a PNG, JPEG, GIF or WebP image",
  ],
  ["data:image/png;base64,AAAA", "it is not a PNG, JPEG, GIF or WebP image"],
  [broken, "it cannot be read"],
  ["photo.png", "a string must be a data: URL"],
  ["https://example.com/a.png", "a string must be a data: URL"],
  [new URL("https://example.com/a.png"), "https: URLs"],
  [new URL("blob:https://example.com/1"), "blob: URLs"],
  [
    undefined,
    "it must be bytes, a Blob, a data: URL or a file: URL, got undefined",
  ],
  [null, "it must be bytes, a Blob, a data: URL or a file: URL, got null"],
  [
    [137, 80],
    "it must be bytes, a Blob, a data: URL or a file: URL, got object",
  ],
];

for (const [source, why] of REFUSED) {
  Deno.test(`readImage rejects ${Deno.inspect(source)}: ${why}`, async () => {
    const error = await assertRejects(() =>
      readImage(source as ImageSource, PLACE)
    );
    assertInstanceOf(error, CodexInputError);
    assertEquals(
      error.message.startsWith(`Cannot send the image at ${PLACE}: ${why}`),
      true,
      error.message,
    );
    assertEquals(error.path, PLACE);
  });
}

const BAD_URLS: readonly [url: string | URL, why: string][] = [
  ["data:image/png", "it has no comma before its data"],
  ["data:;base64,%%%", "its data is not correctly encoded"],
  ["data:;base64,a", "its data is not correctly encoded"],
  ["data:,%zz", "its data is not correctly encoded"],
  // Windows separators, encoded.
  [new URL("file:///C:/a%5Cb.png"), "no file has such a name"],
  [new URL("file://server/share/a%5cb.png"), "no file has such a name"],
  [new URL("file:///a%2Fb.png"), "no file has such a name"],
  [new URL("file:///a%00.png"), "no file has such a name"],
  [new URL("file:///a%ff.png"), "it is not well encoded"],
];

for (const [url, why] of BAD_URLS) {
  Deno.test(`readImage rejects ${url}: ${why}`, async () => {
    const error = await assertRejects(
      () => readImage(url, PLACE),
      CodexInputError,
      `URL at ${PLACE}: ${why}`,
    );
    assertEquals(error.path, PLACE);
  });
}

Deno.test("fileUrlToPath rejects a path that names a machine, as Node keeps it in a URL", () => {
  const url = { hostname: "", pathname: "//server/share/a.png" } as URL;
  assertThrows(
    () => fileUrlToPath(url, "input[1].image"),
    CodexInputError,
    "it is on another machine",
  );
});
