/** Writes a text as inline code. Line breaks become spaces. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, " ");
  const fence = "`".repeat(longestRun(line) + 1);
  // Without the spaces, a backtick at either end would belong to the fence.
  const pad = /^`|`$|^ .* $/.test(line) ? " " : "";
  return line.trim() === "" ? "` `" : `${fence}${pad}${line}${pad}${fence}`;
}

/** Writes a text as a code block with a fence that is longer than any in the text. */
export function codeBlock(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Returns the length of the longest run of backticks. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) {
    longest = Math.max(longest, run.length);
  }
  return longest;
}

/** Matches a line that begins or ends a code block: the indentation, the fence, and the rest. */
const FENCE = /^(\s*(?:(?:[-*+]|\d{1,9}[.)]|>)\s+)*)(`{3,}|~{3,})(.*)$/;

/**
 * Changes untrusted Markdown so that it cannot affect the text after it: closes an open code
 * block, and shows HTML outside of code as text. If a code block is in a list or indented, so
 * that its end depends on the context, quotes all of the Markdown: a quote ends whatever is
 * open in it.
 */
export function contained(markdown: string): string {
  let open: string | undefined;
  let isNested = false;
  let prose: string[] = [];
  const parts: string[] = [];
  const flush = (): void => {
    if (prose.length > 0) parts.push(withoutHtml(prose.join("\n")));
    prose = [];
  };
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const [, before = "", fence, info = ""] = FENCE.exec(line) ?? [];
    // With another backtick after the backticks, it is inline code.
    const isFence = fence !== undefined &&
      !(fence.startsWith("`") && info.includes("`"));
    if (isFence && before !== "") isNested = true;
    if (open !== undefined) {
      parts.push(line);
      if (isFence && fence.startsWith(open) && info.trim() === "") {
        open = undefined;
      }
    } else if (isFence) {
      flush();
      parts.push(line);
      open = fence;
    } else {
      prose.push(line);
    }
  }
  flush();
  if (open !== undefined) parts.push(open);
  const text = parts.join("\n");
  return isNested ? quote(text.replaceAll("<!--", "&lt;!--")) : text;
}

/** Writes Markdown as a quote. */
function quote(markdown: string): string {
  return markdown.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
}

/**
 * Shows HTML as text, except in text that is certainly inline code. Code that may continue
 * on the next line is not certain: from its beginning to the end of its paragraph, all HTML is
 * shown as text.
 */
function withoutHtml(prose: string): string {
  let isSure = true;
  return prose.split("\n").map((line) => {
    if (line.trim() === "") isSure = true;
    const { spans, mayGoOn } = isSure
      ? codeSpans(line)
      : { spans: [], mayGoOn: true };
    isSure = !mayGoOn;
    let text = "";
    let from = 0;
    for (const { at, end } of spans) {
      text += escapeTags(line.slice(from, at)) + line.slice(at, end);
      from = end;
    }
    return text + escapeTags(line.slice(from));
  }).join("\n");
}

/** The inline code of a line, and whether more of it may continue on the next one. */
interface LineCode {
  readonly spans: readonly { readonly at: number; readonly end: number }[];
  readonly mayGoOn: boolean;
}

/** Finds the inline code of a line: from a run of backticks to the next run of that length. */
function codeSpans(line: string): LineCode {
  const spans: { at: number; end: number }[] = [];
  let opening: { readonly at: number; readonly length: number } | undefined;
  for (const { 0: { length }, index: at } of line.matchAll(/`+/g)) {
    if (opening === undefined) {
      // An escaped backtick does not begin code, but the rest of its run may.
      if (isEscaped(line, at)) return { spans, mayGoOn: true };
      opening = { at, length };
    } else if (length === opening.length) {
      spans.push({ at: opening.at, end: at + length });
      opening = undefined;
    }
  }
  return { spans, mayGoOn: opening !== undefined };
}

/** Tells whether an odd number of backslashes precedes a position. */
function isEscaped(line: string, at: number): boolean {
  let start = at;
  while (line[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}

/** Escapes text that would be read as HTML; links in angle brackets are kept. */
function escapeTags(text: string): string {
  return text.replace(
    /<(?=[A-Za-z/!?])(?!(?:https?|mailto):[^\s<>`]*>)/g,
    "&lt;",
  );
}
