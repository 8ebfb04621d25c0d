/**
 * The path of a linted file in the project.
 *
 * @module
 */

/** Returns the path of a file relative to the root, with `/`. */
export function rootPath(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  const root = import.meta.dirname?.replaceAll("\\", "/").replace(
    /scripts\/lint_rules$/,
    "",
  ) ?? "";
  return path.startsWith(root) ? path.slice(root.length) : path;
}
