/** Whether a path says where it is, rather than being a name to find on PATH. */
export function hasFolder(path: string): boolean {
  return path.includes("/") || path.includes("\\");
}

/**
 * Whether a path needs no working directory. On Windows one that begins at the root
 * of a drive without naming it needs the working directory's drive.
 */
export function isAbsolute(path: string, isWindows: boolean): boolean {
  return isWindows
    ? /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(path)
    : path.startsWith("/");
}

/** The folder that a path is in; the path itself at the root. */
export function parentFolder(path: string): string {
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  if (slash === -1) return path;
  const parent = path.slice(0, slash);
  return parent === "" || parent.endsWith(":")
    ? path.slice(0, slash + 1)
    : parent;
}

/** The last word of a path. */
export function fileName(path: string): string {
  return path.slice(
    Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1,
  );
}

/** A folder and those above it, the nearest first. */
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

/** A path below a folder; systems with backslashes take slashes too. */
export function below(folder: string, path: string): string {
  return folder.endsWith("/") || folder.endsWith("\\")
    ? folder + path
    : `${folder}/${path}`;
}
