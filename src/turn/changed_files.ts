import type { FileUpdateChange, ThreadItem } from "../protocol/items.ts";

/**
 * Lists the files that the agent's patches have changed, each once, with what became of it
 * in all: one that was added and then changed was added, and one that was added and then
 * deleted is none. Patches that failed count for nothing.
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
