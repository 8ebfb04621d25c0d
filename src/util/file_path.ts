/**
 * Parses a `file:` URL to its path; returns `undefined` for any other URL, and for one that
 * cannot name a file. A URL with a host becomes a Windows path: `\\server\share\a`.
 */
export function parseFileUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== "file:") return undefined;
  const path = pathOfFileUrl(parsed);
  return "path" in path ? path.path : undefined;
}

/** Returns the path of a `file:` URL, or the problem with it. */
export function pathOfFileUrl(
  { hostname, pathname }: URL,
): { readonly path: string } | { readonly problem: string } {
  // `file:////server/share` does not reliably name another machine on any system.
  if (pathname.startsWith("//")) return { problem: "it is on another machine" };
  const isOnWindows = hostname !== "" || /^\/[A-Za-z]:/.test(pathname);
  // An encoded separator does not separate, and file names cannot contain one.
  const encoded = isOnWindows ? /%(?:2f|5c|00)/i : /%(?:2f|00)/i;
  if (encoded.test(pathname)) return { problem: "no file has such a name" };
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return { problem: "it is not well encoded" };
  }
  if (hostname !== "") {
    return { path: `\\\\${hostname}${path.replaceAll("/", "\\")}` };
  }
  return { path: isOnWindows ? path.slice(1) : path };
}
