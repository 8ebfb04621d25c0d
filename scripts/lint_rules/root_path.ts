/**
 * Where a linted file lies in the project.
 *
 * @module
 */

/** The path of a file from the root, with `/`. */
export function rootPath(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  const root = import.meta.dirname?.replaceAll("\\", "/").replace(
    /scripts\/lint_rules$/,
    "",
  ) ?? "";
  return path.startsWith(root) ? path.slice(root.length) : path;
}
