/**
 * Measures an argument in its form on a Windows command line, in UTF-16 units. A program
 * receives one text, in which the runtimes quote arguments that contain white space or
 * quotes. A backslash then counts twice before a quote and at the end.
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
