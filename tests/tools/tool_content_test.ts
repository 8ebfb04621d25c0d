import { assertEquals, assertRejects } from "@std/assert";
import {
  failedCall,
  returnedCall,
  thrownCall,
} from "../../src/tools/tool_content.ts";
import { GIF, PNG } from "../input/images.ts";
import { NO_FILES } from "./support.ts";

/** Converts a result to a call's result. */
function returned(result: unknown): ReturnType<typeof returnedCall> {
  return returnedCall(result, NO_FILES);
}

Deno.test("a text is one block", async () => {
  assertEquals(await returned("a"), { content: [{ type: "text", text: "a" }] });
  assertEquals(await returned(""), { content: [{ type: "text", text: "" }] });
});

Deno.test("an object is sent as structured content, and as text for clients that read only text", async () => {
  assertEquals(await returned({ a: [1, null], gone: undefined }), {
    content: [{ type: "text", text: '{"a":[1,null]}' }],
    structuredContent: { a: [1, null] },
  });
});

Deno.test("an object that is nested more deeply than the CLI reads is sent only as text", async () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 200; depth += 1) value = { a: value };
  const result = await returned(value);
  assertEquals(Object.keys(result), ["content"]);
});

Deno.test("texts and images are blocks, without the other fields of a part", async () => {
  const circular = { type: "text", text: "a", self: {} };
  circular.self = circular;
  const result = await returned([
    circular,
    { type: "image", image: GIF },
    { type: "image", image: new Blob([PNG as Uint8Array<ArrayBuffer>]) },
  ]);
  assertEquals(result.content[0], { type: "text", text: "a" });
  assertEquals(
    result.content.slice(1).map((block) =>
      block.type === "image"
        ? [
          block.mimeType,
          Uint8Array.from(atob(block.data), (c) => c.charCodeAt(0)),
        ]
        : block
    ),
    [["image/gif", GIF], ["image/png", PNG]],
  );
});

Deno.test("an image with a file: URL is read up to a limit", async () => {
  const image = new URL("file:///some/image.gif");
  const asked: [string, number][] = [];
  const read = (bytes: Uint8Array) =>
    returnedCall([{ type: "image", image }], (path, length) => {
      asked.push([path, length]);
      return Promise.resolve(bytes);
    });
  const { content } = await read(GIF);
  assertEquals(content.map(({ type }) => type), ["image"]);
  assertEquals(asked, [["/some/image.gif", 20 * 1024 * 1024 + 1]]);
  await assertRejects(
    () => read(new Uint8Array(20 * 1024 * 1024 + 1)),
    Error,
    "larger than",
  );
});

Deno.test("an invalid result is rejected, with the reason", async () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (
    const [result, words] of [
      [undefined, "got undefined"],
      [null, "got null"],
      [7, "got number"],
      [() => {}, "got function"],
      [[1], "result[0] must be"],
      [[{ type: "text" }], "result[0] must be"],
      [[{ type: "image", image: "no-url" }], "result[0].image"],
      [[{ type: "image", image: new Uint8Array(20) }], "result[0].image"],
      [[{ type: "audio" }], "result[0] must be"],
      [cyclic, "cannot be written as JSON"],
      [{ big: 1n }, "cannot be written as JSON"],
      [{ toJSON: () => "text" }, "got string"],
      [{ toJSON: () => undefined }, "got undefined"],
      [new Date(0), "got string"],
      ["x".repeat(32 * 1024 * 1024 + 1), "is longer than"],
    ] as const
  ) await assertRejects(() => returned(result), Error, words);
});

Deno.test("any thrown value is a failed call with its message", () => {
  const failure = (text: string): unknown => ({
    content: [{ type: "text", text }],
    isError: true,
  });
  assertEquals(
    thrownCall(new Error("No such article")),
    failure("No such article"),
  );
  assertEquals(thrownCall(new TypeError()), failure("TypeError"));
  assertEquals(thrownCall("words"), failure("words"));
  assertEquals(thrownCall(undefined), failure("undefined"));
  const silent = "a value that cannot be read was thrown";
  assertEquals(thrownCall(Object.create(null)), failure(silent));
  assertEquals(
    thrownCall(
      new Proxy(new Error("a"), {
        get() {
          throw new Error("b");
        },
      }),
    ),
    failure(silent),
  );
});

Deno.test("the text of a failed call is truncated", () => {
  const { content: [block] } = failedCall("x".repeat(1_000_000));
  assertEquals(block?.type === "text" && block.text.length < 5000, true);
});
