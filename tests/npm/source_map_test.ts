import { assertEquals, assertThrows } from "@std/assert";
import { separateMap, type SourceMap } from "../../scripts/npm/source_map.ts";

const TEXT = "export const a: string = 'ä';\n";
const MAP = {
  version: 3,
  sources: ["file:///home/somebody/project/src/a.ts"],
  sourcesContent: [TEXT],
  names: [],
  mappings: "AAAA",
};
const SEPARATED: SourceMap = {
  version: 3,
  file: "a.js",
  sources: ["a.ts"],
  sourcesContent: [TEXT],
  names: [],
  mappings: "AAAA",
};

/** A module with its map written into it, as `deno pack` does. */
function withInlineMap(code: string, map: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(map));
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${bytes.toBase64()}`;
}

Deno.test("separateMap() takes an inline map out, with its source and without its place", () => {
  const { code, map } = separateMap(
    "a.js",
    withInlineMap('export const a = "ä";', MAP),
  );
  assertEquals(
    code,
    'export const a = "ä";\n//# sourceMappingURL=a.js.map\n',
  );
  assertEquals(map, SEPARATED);
});

Deno.test("separateMap() makes the same of a map that is a file", () => {
  const { code, map } = separateMap(
    "a.js",
    'export const a = "ä";\n//# sourceMappingURL=a.js.map',
    JSON.stringify({ ...MAP, sourceRoot: "", sources: ["../src/a.ts"] }),
  );
  assertEquals(
    code,
    'export const a = "ä";\n//# sourceMappingURL=a.js.map\n',
  );
  assertEquals(map, SEPARATED);
});

Deno.test("separateMap() leaves no map of a module without code", () => {
  const empty = { version: 3, sources: [], names: [], mappings: "" };
  assertEquals(separateMap("types.js", withInlineMap("export {};", empty)), {
    code: "export {};\n",
  });
});

Deno.test("separateMap() refuses a module without a map, and a map without its source", () => {
  assertThrows(
    () => separateMap("a.js", "export {};\n"),
    Error,
    'Cannot find the source map of "a.js"',
  );
  const { sourcesContent: _, ...bare } = MAP;
  assertThrows(
    () => separateMap("a.js", withInlineMap("export {};", bare)),
    Error,
    'Cannot use the source map of "a.js"',
  );
});
