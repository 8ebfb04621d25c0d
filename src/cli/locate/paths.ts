/** Tells whether a path contains a folder, rather than being a name to find on PATH. */
export function hasFolder(path: string): boolean {
  return path.includes("/") || path.includes("\\");
}

/**
 * Tells whether a path is independent of the working directory. On Windows, a path that
 * begins at the root of an unnamed drive depends on the current drive.
 */
export function isAbsolute(path: string, isWindows: boolean): boolean {
  return isWindows
    ? /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(path)
    : path.startsWith("/");
}

/** Returns the folder of a path; for a root, the path itself. */
export function parentFolder(path: string): string {
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  if (slash === -1) return path;
  const parent = path.slice(0, slash);
  return parent === "" || parent.endsWith(":")
    ? path.slice(0, slash + 1)
    : parent;
}

/** Returns the last part of a path. */
export function fileName(path: string): string {
  return path.slice(
    Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1,
  );
}

/** Lists a folder and those above it, the nearest first. */
export function folderAndAbove(folder: string): string[] {
  const folders = [folder];
  for (
    let current = folder, parent = parentFolder(folder);
    parent !== current;
    current = parent, parent = parentFolder(parent)
  ) {
    folders.push(parent);
  }
  return folders;
}

/** Joins a folder and a path below it; systems with backslashes accept slashes, too. */
export function below(folder: string, path: string): string {
  return folder.endsWith("/") || folder.endsWith("\\")
    ? folder + path
    : `${folder}/${path}`;
}
