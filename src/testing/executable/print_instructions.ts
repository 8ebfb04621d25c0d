import type { PrintStep } from "./executable_steps.ts";
import type { ExecutableInstruction } from "./instructions.ts";

/** The least size of a block in which repeated content is printed, in bytes. */
const BLOCK_LENGTH = 65_536;

/**
 * Maps a step that prints to instructions.
 *
 * @param files The files next to the program; content that is not a line is added to them.
 */
export function printInstructions(
  { content, to, times }: PrintStep,
  files: Map<string, string | Uint8Array>,
): ExecutableInstruction[] {
  if (content.length === 0 || times === 0) return [];
  const isPlain = to === "stdout" && times === 1;
  if (isPlain && typeof content === "string" && isLine(content)) {
    return [`line ${content.slice(0, -1)}`];
  }
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const put = (count: number, text: Uint8Array): ExecutableInstruction => {
    const name = `codex.text.${files.size + 1}`;
    files.set(name, text);
    return `put ${to === "stdout" ? "out" : "err"} ${count} ${name}`;
  };
  // Short content that is repeated often becomes longer content that is repeated less often.
  const each = Math.min(times, Math.ceil(BLOCK_LENGTH / bytes.length));
  const block = repeatBytes(bytes, each);
  if (times === Infinity) return [put(-1, block)];
  const instructions = [put(Math.floor(times / each), block)];
  const rest = times % each;
  return rest === 0
    ? instructions
    : [...instructions, put(1, repeatBytes(bytes, rest))];
}

/** Tells whether a text is one line with its line ending. */
function isLine(text: string): boolean {
  // A shell variable cannot hold NUL.
  return /^[^\n\0]*\n$/.test(text);
}

function repeatBytes(bytes: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array(bytes.length * times);
  for (let start = 0; start < all.length; start += bytes.length) {
    all.set(bytes, start);
  }
  return all;
}
