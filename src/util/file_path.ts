/**
 * Parses a `file:` URL to its path; gives `undefined` for any other URL, and for one that
 * names no file. That of another machine is a path of Windows alone: `\\server\share\a`.
 */
export function parseFileUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== "file:") return undefined;
  const path = pathOfFileUrl(parsed);
  return "path" in path ? path.path : undefined;
}

/** Gives the path of a `file:` URL, or says why no file has it. */
export function pathOfFileUrl(
  { hostname, pathname }: URL,
): { readonly path: string } | { readonly problem: string } {
  // `file:////server/share` names a machine on no system for sure.
  if (pathname.startsWith("//")) return { problem: "it is on another machine" };
  const isOnWindows = hostname !== "" || /^\/[A-Za-z]:/.test(pathname);
  // An encoded separator is none, and no file name holds one.
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
