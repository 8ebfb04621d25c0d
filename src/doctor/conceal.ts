/** The texts that identify a user. */
export interface Person {
  /** The paths of their home; empty ones are ignored. */
  readonly homes: readonly (string | undefined)[];
  /** Their names on this system; empty ones are ignored. */
  readonly names: readonly (string | undefined)[];
}

/**
 * Matches the home of any user. A name may contain spaces and the like if a slash or a double
 * quote ends it; otherwise it ends at the first of these.
 */
const ANY_HOME =
  /(?<![\w.~-])(?:\/(?:home|Users|var\/home)\/|[A-Za-z]:[\\/]Users[\\/])(?!Shared\b|Public\b)(?:(?:[^\\/\n"':;]|(?<=\w)'(?=\w))*[^\\/\s"':;,](?=[\\/"])|[^\\/\s"':;,]+)/g;

/** Matches a user name and password in a URL, also if it is cut off or has no scheme. */
const USER_INFO = /(\/\/)[^\s/?#@"'<>]*@/g;

/** The replacement for a name. */
const NAME = "<user>";

/**
 * Creates a function that removes from a text what identifies a user: replaces a home by `~`
 * and their name as a part of a path by `<user>`, and removes user names and passwords from
 * URLs.
 */
export function concealer({ homes, names }: Person): (text: string) => string {
  const known = [...new Set(homes.map(withoutEnd))]
    // The root is not a home.
    .filter((home) => home.length > 1 && !/^[A-Za-z]:$/.test(home))
    .sort((a, b) => b.length - a.length)
    .map((home) => new RegExp(`${escaped(home)}(?![\\w.-])`, "gi"));
  const parts = [...new Set(names)].filter((name) => name !== undefined)
    .filter((name) => name !== "")
    .map((name) =>
      new RegExp(`(?<=[\\\\/])${escaped(name)}(?=$|[\\\\/\\s"':;,])`, "gi")
    );
  return (text) => {
    let shown = text.replace(USER_INFO, "$1");
    for (const home of known) shown = shown.replace(home, "~");
    shown = shown.replace(ANY_HOME, "~");
    for (const name of parts) shown = shown.replace(name, NAME);
    return shown;
  };
}

/** Removes trailing slashes from a path. */
function withoutEnd(path: string | undefined): string {
  return (path ?? "").replace(/[\\/]+$/, "");
}

/** Escapes a text for a pattern, in which either slash matches both. */
function escaped(text: string): string {
  return text.replace(
    /[.*+?^${}()|[\]\\/]/g,
    (sign) => /[\\/]/.test(sign) ? "[\\\\/]" : `\\${sign}`,
  );
}
