import { assertEquals } from "@std/assert";
import type { FileUpdateChange, ThreadItem } from "../../mod.ts";
import { changedFiles } from "../../src/turn/changed_files.ts";

/** An applied patch. */
function patch(...changes: FileUpdateChange[]): ThreadItem {
  return { id: "item_0", type: "file_change", changes, status: "completed" };
}

const change = (
  path: string,
  kind: FileUpdateChange["kind"],
): FileUpdateChange => ({ path, kind });

for (
  const [kinds, kind] of [
    [["add"], "add"],
    [["update"], "update"],
    [["delete"], "delete"],
    [["add", "update"], "add"],
    [["add", "update", "update"], "add"],
    [["update", "delete"], "delete"],
    [["delete", "add"], "update"],
    [["add", "delete"], undefined],
    [["add", "delete", "add"], "add"],
  ] as const
) {
  Deno.test(`changedFiles reports ${kind ?? "nothing"} for a file changed by ${kinds.join(", then ")}`, () => {
    assertEquals(
      changedFiles(kinds.map((each) => patch(change("a", each)))),
      kind === undefined ? [] : [{ path: "a", kind }],
    );
  });
}

Deno.test("changedFiles lists each file once, and ignores failed patches and other items", () => {
  const failed: ThreadItem = {
    id: "item_1",
    type: "file_change",
    changes: [change("no", "add")],
    status: "failed",
  };
  const said: ThreadItem = { id: "item_2", type: "agent_message", text: "Hi" };
  assertEquals(
    changedFiles([
      patch(change("b", "update"), change("a", "add")),
      failed,
      said,
      patch(change("__proto__", "add"), change("b", "update")),
    ]),
    [change("b", "update"), change("a", "add"), change("__proto__", "add")],
  );
});
