import { assertEquals, assertThrows } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { readFilePart } from "../../src/ai/file_parts.ts";

const BYTES = new TextEncoder().encode("hi");

/** Reads a file part with some data. */
function read(data: unknown, mediaType = "text/plain", filename?: string) {
  return readFilePart({ type: "file", data, mediaType, filename }, "p");
}

Deno.test("All forms of data are read", () => {
  for (
    const data of [
      BYTES,
      "aGk=",
      "data:text/plain;base64,aGk=",
      new URL("data:text/plain,hi"),
      { type: "data", data: BYTES },
      { type: "data", data: "aGk=" },
      { type: "url", url: new URL("data:,hi") },
      { type: "text", text: "hi" },
    ]
  ) {
    assertEquals(read(data), [{ type: "text", text: "File:\nhi" }]);
  }
  assertEquals(read(BYTES, "text/csv", "a.csv"), [
    { type: "text", text: "File a.csv:\nhi" },
  ]);
});

Deno.test("An image is sent as an image", () => {
  assertEquals(read(BYTES, "image/png"), [{ type: "image", image: BYTES }]);
  assertEquals(read("aGk=", "image/*"), [
    { type: "image", image: "data:image/*;base64,aGk=" },
  ]);
});

Deno.test("URLs are not fetched, and files are not read", () => {
  for (
    const data of [
      "file:///etc/passwd",
      new URL("file:///etc/passwd"),
      "https://example.org/a.png",
      new URL("https://example.org/a.png"),
      { type: "url", url: "file:///etc/passwd" },
      { type: "reference", reference: { openai: "x" } },
      undefined,
      7,
    ]
  ) {
    for (const type of ["image/png", "text/plain"]) {
      assertThrows(() => read(data, type), CodexInputError, "p.data");
    }
  }
});

Deno.test("A media type that the CLI does not accept is rejected", () => {
  const error = assertThrows(
    () => read(BYTES, "application/pdf"),
    CodexInputError,
    '"application/pdf"',
  );
  assertEquals(error.path, "p");
});
