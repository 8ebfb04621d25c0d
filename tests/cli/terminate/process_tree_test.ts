import { assertEquals } from "@std/assert";
import {
  type ProcessEntry,
  ProcessTree,
} from "../../../src/cli/terminate/process_tree.ts";

const ROOT = 10;

/** Builds an entry from its id, its parent's, and other properties. */
function entry(
  pid: number,
  parentPid: number,
  rest: Partial<ProcessEntry> = {},
): ProcessEntry {
  return { pid, parentPid, startTime: `s${pid}`, marked: false, ...rest };
}

function refresh(tree: ProcessTree, ...table: ProcessEntry[]): number[] {
  return tree.refresh(table).map(({ pid }) => pid);
}

Deno.test("ProcessTree finds all processes below the root, in any order, but not the root", () => {
  const tree = new ProcessTree(ROOT);
  assertEquals(
    refresh(
      tree,
      entry(13, 12),
      entry(12, 11),
      entry(11, ROOT),
      entry(ROOT, 1),
    ),
    [13, 12, 11],
  );
});

Deno.test("ProcessTree ignores processes that are not below the root", () => {
  const tree = new ProcessTree(ROOT);
  assertEquals(
    refresh(tree, entry(1, 0), entry(ROOT, 1), entry(20, 1), entry(21, 20)),
    [],
  );
});

Deno.test("ProcessTree finds marked processes and their children", () => {
  const tree = new ProcessTree(ROOT);
  assertEquals(
    refresh(
      tree,
      entry(30, 1, { marked: true }),
      entry(31, 30),
      entry(ROOT, 1),
    ),
    [30, 31],
  );
});

Deno.test("ProcessTree keeps known processes that get another parent", () => {
  const tree = new ProcessTree(ROOT);
  refresh(tree, entry(ROOT, 1), entry(11, ROOT), entry(12, 11));
  assertEquals(refresh(tree, entry(12, 1), entry(13, 12)), [12, 13]);
});

Deno.test("ProcessTree distinguishes a member from a process that got its id later", () => {
  const tree = new ProcessTree(ROOT);
  refresh(tree, entry(ROOT, 1), entry(11, ROOT));
  assertEquals(refresh(tree, entry(11, 1, { startTime: "later" })), []);
  // Nor does a process with the root's id pass for the root.
  const other = entry(ROOT, 1, { startTime: "later" });
  assertEquals(refresh(tree, other, entry(40, ROOT)), []);
});

Deno.test("ProcessTree accepts no root that appears after others were seen", () => {
  const tree = new ProcessTree(ROOT);
  assertEquals(refresh(tree, entry(30, 1, { marked: true })), [30]);
  assertEquals(refresh(tree, entry(ROOT, 1), entry(11, ROOT)), []);
});

Deno.test("ProcessTree finds nothing in an empty table", () => {
  assertEquals(refresh(new ProcessTree(ROOT)), []);
});

Deno.test("ProcessTree accepts a process that reuses the id of an exited root only if it is marked", () => {
  const reused = [entry(ROOT, 1), entry(11, ROOT), entry(12, 11)];
  assertEquals(refresh(new ProcessTree(ROOT, false), ...reused), []);
  const marked = [entry(ROOT, 1, { marked: true }), entry(11, ROOT)];
  assertEquals(refresh(new ProcessTree(ROOT, false), ...marked), [ROOT, 11]);
});
