import { assertEquals } from "@std/assert";
import {
  below,
  folderAndAbove,
  hasFolder,
  parentFolder,
} from "../../../src/cli/locate/paths.ts";

Deno.test("hasFolder distinguishes a path from a name", () => {
  for (const path of ["/a", "./a", "a/b", "C:\\a", "..\\a"]) {
    assertEquals(hasFolder(path), true, path);
  }
  for (const name of ["codex", "codex.exe", ""]) {
    assertEquals(hasFolder(name), false, name);
  }
});

const PARENTS: [path: string, parent: string][] = [
  ["/a/b", "/a"],
  ["/a", "/"],
  ["/", "/"],
  ["a/b", "a"],
  ["a", "a"],
  ["C:\\a\\b", "C:\\a"],
  ["C:\\a", "C:\\"],
  ["C:\\", "C:\\"],
  ["C:/a", "C:/"],
  ["C:\\a/b", "C:\\a"],
];

for (const [path, parent] of PARENTS) {
  Deno.test(`parentFolder returns ${parent} for ${path}`, () => {
    assertEquals(parentFolder(path), parent);
  });
}

Deno.test("folderAndAbove ends at the root, on every system", () => {
  assertEquals(folderAndAbove("/a/b"), ["/a/b", "/a", "/"]);
  assertEquals(folderAndAbove("C:\\a\\b"), ["C:\\a\\b", "C:\\a", "C:\\"]);
  assertEquals(folderAndAbove("/"), ["/"]);
});

Deno.test("below puts one separator between a folder and a path", () => {
  assertEquals(below("/a", "b/c"), "/a/b/c");
  assertEquals(below("/", "b"), "/b");
  assertEquals(below("C:\\", "b"), "C:\\b");
  assertEquals(below("C:\\a", "b"), "C:\\a/b");
});
