import { jsonPointer } from "../util/text.ts";

/** Something that is wrong with an answer, and where. */
export interface Issue {
  /** A JSON pointer to the place; empty for the whole. */
  readonly path: string;
  /** What is wrong there. */
  readonly message: string;
}

/** The issues that an error of a library lists, or its message. */
export function readIssues(error: unknown): readonly Issue[] {
  if (!(error instanceof Error)) return [{ path: "", message: String(error) }];
  const { issues } = error as { issues?: unknown };
  return Array.isArray(issues) && issues.length > 0
    ? issues.map(readIssue)
    : [{ path: "", message: error.message }];
}

/** An issue in the words of Standard Schema, which most libraries follow. */
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
