/**
 * Measures an argument as it stands on a Windows command line, in UTF-16 units. A
 * program gets one text there, in which the runtimes quote what holds white space or
 * quotes: then a backslash counts twice before a quote, and at the end.
 */
export function quotedLength(text: string): number {
  if (text === "") return 2;
  if (!/[ \t"]/.test(text)) return text.length;
  let escapes = 0;
  let backslashes = 0;
  for (const unit of text) {
    if (unit === "\\") {
      backslashes += 1;
      continue;
    }
    if (unit === '"') escapes += backslashes + 1;
    backslashes = 0;
  }
  return text.length + escapes + backslashes + 2;
}
