import type { Usage } from "../protocol/events.ts";
import type {
  CommandExecutionItem,
  FileUpdateChange,
} from "../protocol/items.ts";
import { codeBlock, codeSpan, contained } from "../util/markdown.ts";
import type { Turn } from "./turn.ts";

// A comment on GitHub has at most 65,536 characters. A command that consists of backticks
// is written with three times its length.

/** The longest answer as Markdown, in characters. */
const MAX_ANSWER_LENGTH = 32_000;

/** The most commands and the most files that are listed. */
const MAX_LISTED = 30;

/** The longest command or path, in characters. */
const MAX_CODE_LENGTH = 120;

/**
 * Writes a turn as Markdown: the answer, the commands, the changed files and the usage.
 */
export function turnMarkdown(turn: Turn<unknown>): string {
  const commands = turn.items.filter((item) =>
    item.type === "command_execution"
  );
  const sections = [
    writeAnswer(turn.finalResponse),
    listed("Commands", commands, writeCommand),
    listed("Changed files", turn.changedFiles, writeChange),
    writeUsage(turn),
  ];
  return `${sections.filter((each) => each !== "").join("\n\n")}\n`;
}

/** Writes an answer: as Markdown, or as a code block if it is JSON. */
function writeAnswer(answer: string): string {
  const write = (text: string): string =>
    isJson(answer) ? codeBlock(text, "json") : contained(text);
  const whole = answer.trim();
  if (whole === "") return "";
  let written = write(whole);
  // The Markdown may be longer than the text.
  for (let length = MAX_ANSWER_LENGTH; written.length > MAX_ANSWER_LENGTH;) {
    written = `${write(whole.slice(0, length))}\n\n(cut)`;
    length = Math.floor(length / 2);
  }
  return written;
}

/** Tells whether a text is a JSON object or array. */
function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Writes a titled list; returns an empty string if there are no entries. */
function listed<T>(
  name: string,
  entries: readonly T[],
  write: (entry: T) => string,
): string {
  if (entries.length === 0) return "";
  const lines = entries.slice(0, MAX_LISTED).map((each) => `- ${write(each)}`);
  const more = entries.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more`);
  return `**${name}**\n\n${lines.join("\n")}`;
}

/** Writes a command and how it ended. Its output may contain secrets and is omitted. */
function writeCommand(
  { command, status, exit_code: exitCode }: CommandExecutionItem,
): string {
  const ended = exitCode === null || exitCode === undefined
    ? status.replaceAll("_", " ")
    : `exit code ${exitCode}`;
  return `${shortCode(command)}: ${ended}`;
}

const CHANGES = { add: "added", delete: "deleted", update: "updated" } as const;

/** Writes how a file was changed. */
function writeChange({ path, kind }: FileUpdateChange): string {
  return `${shortCode(path)} ${CHANGES[kind]}`;
}

function shortCode(text: string): string {
  return codeSpan(
    text.length > MAX_CODE_LENGTH ? `${text.slice(0, MAX_CODE_LENGTH)}…` : text,
  );
}

/** Writes a turn's tokens, duration and thread. */
function writeUsage(
  { turnUsage, durationMs, threadId }: Turn<unknown>,
): string {
  const parts = [
    ...turnUsage === null ? [] : [writeTokens(turnUsage)],
    `${(durationMs / 1000).toFixed(1)} s`,
    ...threadId === null ? [] : [`thread ${codeSpan(threadId)}`],
  ];
  return `**Usage**: ${parts.join(", ")}`;
}

function writeTokens(usage: Usage): string {
  const count = (tokens: number): string => tokens.toLocaleString("en-US");
  return `${count(usage.input_tokens)} input tokens (${
    count(usage.cached_input_tokens)
  } cached), ${count(usage.output_tokens)} output tokens (${
    count(usage.reasoning_output_tokens)
  } reasoning)`;
}
