import type { FileUpdateChange, ThreadItem } from "../protocol/items.ts";

/**
 * Lists the files that the agent's patches changed, each once, with the net change. A
 * file that was added and then updated counts as added; one that was added and then
 * deleted is omitted; one that was deleted and then added counts as updated. Failed
 * patches are ignored.
 */
export function changedFiles(items: readonly ThreadItem[]): FileUpdateChange[] {
  const kinds = new Map<string, FileUpdateChange["kind"]>();
  for (const item of items) {
    if (item.type !== "file_change" || item.status !== "completed") continue;
    for (const { path, kind } of item.changes) {
      const before = kinds.get(path);
      if (before === "add" && kind === "delete") kinds.delete(path);
      else if (before === "add" && kind === "update") continue;
      else if (before === "delete" && kind === "add") kinds.set(path, "update");
      else kinds.set(path, kind);
    }
  }
  return [...kinds].map(([path, kind]) => ({ path, kind }));
}
