/** Whether a path says where it is, rather than being a name to find on PATH. */
export function hasFolder(path: string): boolean {
  return path.includes("/") || path.includes("\\");
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
