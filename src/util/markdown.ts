/** Writes a text as code within a line. Line breaks become spaces. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, " ");
  const fence = "`".repeat(longestRun(line) + 1);
  // Without the spaces a backtick at either end would count to the fence.
  const pad = /^`|`$|^ .* $/.test(line) ? " " : "";
  return line.trim() === "" ? "` `" : `${fence}${pad}${line}${pad}${fence}`;
}

/** Writes a text as a block of code, which nothing in it ends. */
export function codeBlock(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Gives the length of the longest run of backticks. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) {
    longest = Math.max(longest, run.length);
  }
  return longest;
}

/** A line that begins a block of code, or ends one: where it stands, the fence, and what follows. */
const FENCE = /^(\s*(?:(?:[-*+]|\d{1,9}[.)]|>)\s+)*)(`{3,}|~{3,})(.*)$/;

/**
 * Makes Markdown of somebody else's that leaves alone what comes after it: a block of code
 * that was left open is closed, and HTML outside of code is shown as text. Where a block of
 * code stands within a list or is indented, so that its end depends on what is around it,
 * all of it is quoted: whatever is open in a quote ends with it.
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
    // What has a backtick after the backticks is code within a line.
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
 * Shows HTML as text, but for what is surely code within a line. Code that goes on into
 * another line depends on what these lines are: from where it may begin to the end of its
 * paragraph all HTML is shown as text.
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

/** The code within a line, and whether more of it may go on into the next one. */
interface LineCode {
  readonly spans: readonly { readonly at: number; readonly end: number }[];
  readonly mayGoOn: boolean;
}

/** Finds code within a line: from a run of backticks to the next one of its length. */
function codeSpans(line: string): LineCode {
  const spans: { at: number; end: number }[] = [];
  for (let from = 0;;) {
    const opening = /(\\*)(`+)/.exec(line.slice(from));
    if (opening === null) return { spans, mayGoOn: false };
    const [whole, slashes = "", run = ""] = opening;
    const at = from + opening.index + slashes.length;
    const after = from + opening.index + whole.length;
    const closing = [...line.slice(after).matchAll(/`+/g)]
      .find(([other]) => other.length === run.length);
    // A backtick behind a backslash begins no code, and a part of its run may.
    if (slashes.length % 2 === 1 || closing === undefined) {
      return { spans, mayGoOn: true };
    }
    from = after + closing.index + run.length;
    spans.push({ at, end: from });
  }
}

/** Shows what would be read as HTML as text; links in angle brackets stay. */
function escapeTags(text: string): string {
  return text.replace(
    /<(?=[A-Za-z/!?])(?!(?:https?|mailto):[^\s<>`]*>)/g,
    "&lt;",
  );
}
