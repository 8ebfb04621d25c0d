import type { JsonValue } from "../protocol/json.ts";

/** A TOML table. It has no prototype. */
export interface TomlTable {
  [key: string]: TomlValue;
}

/** A TOML value; a date is a string. */
export type TomlValue = JsonValue | TomlTable | TomlValue[];

/** The deepest nesting that is read. */
const MAX_DEPTH = 80;

/** The characters of escapes with one letter. */
const ESCAPES: { readonly [letter: string]: string } = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};

/**
 * Parses TOML, as far as the doctor needs it to know the CLI's configuration.
 *
 * @throws {SyntaxError} If the text is not TOML; the message shows nothing of the text.
 */
export function readToml(text: string): TomlTable {
  return new TomlReader(text).read();
}

/** Creates a table without a prototype. */
function newTable(): TomlTable {
  return Object.create(null);
}

/** Tells whether a value is a table. */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses one text. */
class TomlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replaceAll("\r\n", "\n");
  }

  read(): TomlTable {
    const root = newTable();
    let table = root;
    for (;;) {
      this.#skip(/[\s\ufeff]*(?:#[^\n]*\s*)*/y);
      if (this.#at >= this.#text.length) return root;
      if (this.#take("[[")) {
        table = this.#openTable(root, this.#readKey(), true);
        this.#expect("]]");
      } else if (this.#take("[")) {
        table = this.#openTable(root, this.#readKey(), false);
        this.#expect("]");
      } else {
        this.#readPair(table, 0);
      }
      this.#skip(/[ \t]*(?:#[^\n]*)?/y);
      if (this.#at < this.#text.length && this.#text[this.#at] !== "\n") {
        this.#fail();
      }
    }
  }

  /** Returns the table of a header; creates it if it is missing. */
  #openTable(root: TomlTable, path: string[], isArray: boolean): TomlTable {
    const last = path.pop() ?? "";
    const parent = this.#descend(root, path);
    const there = parent[last];
    if (isArray) {
      const list = Array.isArray(there) ? there : [];
      const table = newTable();
      list.push(table);
      parent[last] = list;
      return table;
    }
    if (isTable(there)) return there;
    if (there !== undefined) this.#fail();
    const table = newTable();
    parent[last] = table;
    return table;
  }

  #descend(from: TomlTable, path: readonly string[]): TomlTable {
    if (path.length > MAX_DEPTH) this.#fail();
    let table = from;
    for (const key of path) {
      let next = table[key];
      if (Array.isArray(next)) next = next.at(-1);
      if (next === undefined) next = table[key] = newTable();
      if (!isTable(next)) this.#fail();
      table = next;
    }
    return table;
  }

  #readPair(table: TomlTable, depth: number): void {
    const path = this.#readKey();
    this.#expect("=");
    const last = path.pop() ?? "";
    const parent = this.#descend(table, path);
    parent[last] = this.#readValue(depth);
  }

  /** Reads a dotted key. */
  #readKey(): string[] {
    const path: string[] = [];
    do {
      this.#blanks();
      const quote = this.#text[this.#at];
      path.push(
        quote === '"' || quote === "'"
          ? this.#readString()
          : this.#match(/[A-Za-z0-9_-]+/y),
      );
      this.#blanks();
    } while (this.#take("."));
    return path;
  }

  #readValue(depth: number): TomlValue {
    if (depth > MAX_DEPTH) this.#fail();
    this.#blanks();
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#readString();
    if (this.#take("[")) return this.#readArray(depth);
    if (this.#take("{")) return this.#readInlineTable(depth);
    const word = this.#match(/\d{4}-\d\d-\d\d \d\d:[\d:.Z+-]*|[^\s,\]}#]+/y);
    if (word === "true" || word === "false") return word === "true";
    const number = Number(word.replaceAll("_", ""));
    return Number.isNaN(number) ? word : number;
  }

  #readArray(depth: number): TomlValue[] {
    const list: TomlValue[] = [];
    for (;;) {
      this.#space();
      if (this.#take("]")) return list;
      list.push(this.#readValue(depth + 1));
      this.#space();
      if (!this.#take(",") && this.#text[this.#at] !== "]") this.#fail();
    }
  }

  #readInlineTable(depth: number): TomlTable {
    const table = newTable();
    for (;;) {
      this.#space();
      if (this.#take("}")) return table;
      this.#readPair(table, depth + 1);
      this.#space();
      if (!this.#take(",") && this.#text[this.#at] !== "}") this.#fail();
    }
  }

  /** Reads a string of any of the four kinds. */
  #readString(): string {
    for (const quote of ['"""', "'''"]) {
      if (!this.#take(quote)) continue;
      this.#take("\n");
      const end = this.#findEnd(quote);
      const text = this.#text.slice(this.#at, end);
      this.#at = end + quote.length;
      return quote === '"""'
        ? unescape(text.replace(/\\[ \t]*\n\s*/g, ""))
        : text;
    }
    if (this.#take("'")) {
      const text = this.#match(/[^'\n]*'/y, true);
      return text.slice(0, -1);
    }
    const text = this.#match(/"(?:[^"\\\n]|\\.)*"/y);
    return unescape(text.slice(1, -1));
  }

  /** Finds the end of a multi-line string, whose content may itself end with quotes. */
  #findEnd(quote: string): number {
    const escapes = quote === '"""';
    for (let at = this.#at; at < this.#text.length; at += 1) {
      if (escapes && this.#text[at] === "\\") at += 1;
      else if (this.#text.startsWith(quote, at)) {
        let end = at;
        while (this.#text[end + quote.length] === quote[0] && end < at + 2) {
          end += 1;
        }
        return end;
      }
    }
    return this.#fail();
  }

  #blanks(): void {
    this.#skip(/[ \t]*/y);
  }

  #space(): void {
    this.#skip(/\s*(?:#[^\n]*\s*)*/y);
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail();
  }

  #skip(pattern: RegExp): void {
    this.#match(pattern, true);
  }

  #match(pattern: RegExp, mayBeEmpty = false): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === "" && !mayBeEmpty) this.#fail();
    this.#at += found.length;
    return found;
  }

  #fail(): never {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    throw new SyntaxError(`Invalid TOML in line ${line}`);
  }
}

/** Decodes the escapes of a basic string. */
function unescape(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/g,
    (whole, short, long, byte, letter) => {
      if (letter !== undefined) return ESCAPES[letter] ?? whole;
      const code = Number.parseInt(short ?? long ?? byte, 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}
