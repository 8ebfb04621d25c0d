import type { Runtime } from "../../../runtime/types.ts";
import { numberedId } from "../numbered_id.ts";

/** A rule that replaces private text in a recording. */
export interface ScrubRule {
  /** The text to find in each string of a recording; with the flag `g` all its occurrences. */
  readonly pattern: RegExp;
  /** The replacement; may name groups, as in `String.replace()`. */
  readonly replacement: string;
}

/** Keys and tokens, by their forms. */
const KEYS: readonly ScrubRule[] = [
  { pattern: /\bsk-[\w-]{8,}/g, replacement: "[key]" },
  { pattern: /\bgh[pousr]_\w{16,}/g, replacement: "[key]" },
  { pattern: /\bgithub_pat_\w{16,}/g, replacement: "[key]" },
  { pattern: /\bxox[abeprs]-[\w-]{8,}/g, replacement: "[key]" },
  { pattern: /\bAKIA[0-9A-Z]{16}\b/g, replacement: "[key]" },
  {
    pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g,
    replacement: "[key]",
  },
  { pattern: /\b(Bearer\s+)[\w.~+/=-]{8,}/gi, replacement: "$1[key]" },
];

const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** User names that are also common words. */
const COMMON_NAMES = /^(?:root|user|admin|node|runner|app|.{0,2})$/i;

/** Scrubs the strings of one recording; an id has the same replacement in all of them. */
export class Scrubber {
  readonly #rules: readonly ScrubRule[];
  readonly #ids = new Map<string, string>();

  /** Creates a scrubber for this host; the rules `more` are applied first. */
  constructor(runtime: Runtime, more: readonly ScrubRule[]) {
    this.#rules = [...more, ...hostRules(runtime), ...KEYS];
  }

  /** Scrubs every string in a JSON value. */
  scrub<T>(value: T): T {
    return JSON.parse(
      JSON.stringify(value),
      (_, each) => typeof each === "string" ? this.#text(each) : each,
    );
  }

  #text(text: string): string {
    const scrubbed = this.#rules.reduce(
      (rest, { pattern, replacement }) => rest.replace(pattern, replacement),
      text,
    );
    return scrubbed.replace(UUID, (id) => this.#chooseName(id.toLowerCase()));
  }

  #chooseName(id: string): string {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const name = numberedId(this.#ids.size + 1);
    this.#ids.set(id, name);
    return name;
  }
}

/** Returns the rules for this program's folders and its user. */
function hostRules(runtime: Runtime): ScrubRule[] {
  const home = runtime.env("HOME") ?? runtime.env("USERPROFILE");
  const user = runtime.env("USER") ?? runtime.env("USERNAME");
  const folders: [string | undefined, string][] = [
    [readCwd(runtime), "/project"],
    [runtime.env("CODEX_HOME"), "/home/user/.codex"],
    [home, "/home/user"],
  ];
  return [
    ...folders.flatMap(([path, replacement]) =>
      path === undefined || path.length < 3
        ? []
        : { pattern: wholePath(path), replacement }
    ),
    ...user === undefined || COMMON_NAMES.test(user)
      ? []
      : [{ pattern: wholeWord(user), replacement: "user" }],
  ];
}

function readCwd(runtime: Runtime): string | undefined {
  try {
    return runtime.cwd();
  } catch {
    return undefined;
  }
}

/** Matches a path, or the beginning of a path below it. */
function wholePath(path: string): RegExp {
  return new RegExp(`${escaped(path.replace(/[\\/]+$/, ""))}(?![\\w.-])`, "g");
}

function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${escaped(word)}(?![\\w-])`, "g");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
