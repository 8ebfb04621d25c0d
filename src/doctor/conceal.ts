/** What tells who somebody is. */
export interface Person {
  /** The folders that are their home, as paths; empty ones count for nothing. */
  readonly homes: readonly (string | undefined)[];
  /** Their names on this system. */
  readonly names: readonly (string | undefined)[];
}

/**
 * Homes of any user, where it is not known whose this is. A name may have spaces and the
 * like where a slash or a quote ends it; else it ends at the first of them.
 */
const ANY_HOME =
  /(?<![\w.~-])(?:\/(?:home|Users|var\/home)\/|[A-Za-z]:[\\/]Users[\\/])(?!Shared\b|Public\b)(?:(?:[^\\/\n"':;]|(?<=\w)'(?=\w))*[^\\/\s"':;,](?=[\\/"])|[^\\/\s"':;,]+)/g;

/** A name and a password in a URL, also where that is cut or has no scheme. */
const USER_INFO = /(\/\/)[^\s/?#@"'<>]*@/g;

/** What would stand in for a name. */
const NAME = "<user>";

/**
 * Makes the function that takes out of a text what tells who somebody is: a home is `~`, a
 * part of a path that is their name `<user>`, and URLs have no name and password.
 */
export function concealer({ homes, names }: Person): (text: string) => string {
  const known = [...new Set(homes.map(withoutEnd))]
    // The root is nobody's home.
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

/** Gives a path without slashes at its end. */
function withoutEnd(path: string | undefined): string {
  return (path ?? "").replace(/[\\/]+$/, "");
}

/** Escapes a text for a pattern; either slash stands for both. */
function escaped(text: string): string {
  return text.replace(
    /[.*+?^${}()|[\]\\/]/g,
    (sign) => /[\\/]/.test(sign) ? "[\\\\/]" : `\\${sign}`,
  );
}
