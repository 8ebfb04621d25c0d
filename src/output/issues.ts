import { jsonPointer, quoted, shorten } from "../util/text.ts";
import { isError } from "../util/realms.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** One problem of an answer, and its place. */
export interface Issue {
  /** The JSON pointer to the invalid value; empty for the whole answer. */
  readonly path: string;
  /** The description of the problem. */
  readonly message: string;
}

/** Reads the issues that a library's error lists, or its message if it lists none. */
export function readIssues(error: unknown): readonly Issue[] {
  if (!isError(error)) return [{ path: "", message: thrownMessage(error) }];
  const { issues } = error as { issues?: unknown };
  return Array.isArray(issues) && issues.length > 0
    ? issues.map(readIssue)
    : [{ path: "", message: error.message }];
}

/** Reads one issue in the form of Standard Schema, which most libraries follow. */
export function readIssue(issue: unknown): Issue {
  const { message, path } = Object(issue) as {
    message?: unknown;
    path?: unknown;
  };
  const keys: unknown[] = Array.isArray(path) ? path : [];
  return {
    message: typeof message === "string" ? message : "invalid",
    path: jsonPointer(keys.map(readKey)),
  };
}

function readKey(segment: unknown): string {
  return String(
    typeof segment === "object" && segment !== null && "key" in segment
      ? segment.key
      : segment,
  );
}

/** Describes the first issue with its path, and counts the others. */
export function describeIssues(issues: readonly Issue[]): string {
  const [first, ...others] = issues;
  if (first === undefined) return "it does not say why";
  const place = first.path === ""
    ? ""
    : `at ${quoted(shorten(first.path, 200))}: `;
  const reason = shorten(first.message, 500).replace(/\.$/, "");
  const more = others.length === 0
    ? ""
    : ` (and ${others.length} more ${
      others.length === 1 ? "issue" : "issues"
    })`;
  return `${place}${reason}${more}`;
}
