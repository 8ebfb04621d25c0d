/** Parses a `file:` URL of this machine to its path; gives `undefined` for any other URL. */
export function parseFileUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, pathname } = new URL(url);
  if (protocol !== "file:" || hostname !== "" || pathname.startsWith("//")) {
    return undefined;
  }
  try {
    return withoutSlashBeforeDrive(decodeURIComponent(pathname));
  } catch {
    return undefined;
  }
}

/** Removes the slash before a drive's letter, as Windows does: `C:/folder` for `/C:/folder`. */
export function withoutSlashBeforeDrive(path: string): string {
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}
