/**
 * One error of each class, and the visible properties of an error.
 *
 * @module
 */

import * as acodex from "../../mod.ts";
import * as threads from "../../threads.ts";
import type { TurnFacts } from "../../src/errors/turn_facts.ts";

/** The items of a turn. */
export const ITEMS = [
  { id: "a", type: "reasoning", text: "One" },
  { id: "b", type: "agent_message", text: "Two" },
  { id: "c", type: "agent_message", text: "Three" },
] as const;

const FACTS: TurnFacts = {
  threadId: "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef",
  items: ITEMS.slice(0, 2),
  usage: null,
  warnings: ["careful"],
  diagnostics: [{ kind: "noise", lineNumber: 2, path: "", message: "what" }],
  exitCode: 3,
  signal: "SIGTERM",
  stderr: "oh no",
  argv: ["exec", "--json"],
};

const CAUSE = new acodex.CodexInputError(
  "too blue",
  { path: "input[0]", cause: new TypeError("t") },
);
const OF_LINE = { lineNumber: 7, facts: FACTS, cause: CAUSE };
const ISSUES = [{ path: "/a", message: "missing" }];

/** An error of each class, with every field that it can have. */
export const ERRORS: readonly acodex.CodexError[] = [
  CAUSE,
  new acodex.CodexUnsupportedOptionError("no", { path: "profile" }),
  new acodex.CodexUnsupportedOptionError("no", {
    path: "worktree",
    version: "0.140.0",
  }),
  new acodex.CodexConfigError("no", { path: "a.b" }),
  new acodex.CodexOutputSchemaError("no", { path: "/a", cause: CAUSE }),
  new acodex.CodexPermissionError("no", { flag: "--allow-run", cause: CAUSE }),
  new acodex.CodexEnvironmentError("no", {
    path: "/tmp",
    systemCode: "EROFS",
    cause: CAUSE,
  }),
  new acodex.CodexInternalError("no", { cause: CAUSE }),
  new acodex.CodexCancelledError(undefined, { cause: CAUSE, facts: FACTS }),
  new acodex.CodexInterruptedError(undefined, { cause: CAUSE, facts: FACTS }),
  new acodex.CodexTimeoutError("late", { limitMs: 12, facts: FACTS }),
  new acodex.CodexIdleTimeoutError("late", { limitMs: 13, facts: FACTS }),
  new acodex.CodexIdleTimeoutError("late", {
    limitMs: 14,
    reason: "unreachable",
  }),
  new acodex.CodexExecError("no", {
    code: "exited",
    reason: "unauthorized",
    httpStatus: 401,
    serviceCode: "token_expired",
    httpBody: '{"a":1}',
    facts: FACTS,
  }),
  new acodex.CodexExecutableNotFoundError("no", {
    searched: ["/a", "/b"],
    cause: CAUSE,
  }),
  new acodex.CodexExecError("no", {
    code: "spawn_failed",
    facts: FACTS,
    cause: CAUSE,
  }),
  new acodex.CodexExecError("x".repeat(9000), { code: "exited", facts: FACTS }),
  new acodex.CodexIncompleteTurnError("no", { facts: FACTS }),
  new acodex.CodexThreadNotFoundError("no", {
    requestedThreadId: "one",
    openedThreadId: "two",
    facts: FACTS,
  }),
  new acodex.CodexThreadBusyError("no", {
    requestedThreadId: "one",
    facts: FACTS,
  }),
  new acodex.CodexThreadNotResumableError("no", {
    requestedThreadId: "one",
    facts: FACTS,
  }),
  new threads.CodexThreadBundleError("no", {
    fileName: "rollout.jsonl",
    lineNumber: 3,
    cause: CAUSE,
  }),
  new threads.CodexThreadExistsError("no", { threadId: "one" }),
  new threads.CodexThreadDivergedError("no", { threadId: "one", cause: CAUSE }),
  new threads.CodexThreadConflictError("no", {
    threadId: "one",
    expectedVersion: null,
  }),
  new acodex.CodexThreadStreamNotConsumedError(),
  new acodex.CodexStructuredResponseError("no", {
    responseText: "{}",
    issues: ISSUES,
    facts: FACTS,
    cause: CAUSE,
  }),
  new acodex.CodexProtocolError("odd", { ...OF_LINE, code: "invalid_json" }),
  new acodex.CodexLineTooLongError("long", OF_LINE),
  new acodex.CodexThreadRunError("no", {
    facts: FACTS,
    code: "invalid_output_schema",
    reason: "invalid_schema",
    httpStatus: 400,
    serviceCode: "invalid_json_schema",
    httpBody: '{"error":{}}',
    cause: CAUSE,
  }),
  new acodex.CodexTurnError("no", {
    code: "turn_failed",
    facts: FACTS,
    cause: CAUSE,
  }),
  new acodex.CodexError("no", { code: "internal", cause: CAUSE }),
];

/**
 * Returns everything visible of an error except its stack: its own properties, and
 * those of its classes.
 */
export function seen(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const names = new Set(Object.getOwnPropertyNames(error));
  for (
    let at = Object.getPrototypeOf(error);
    at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  names.delete("stack");
  names.delete("constructor");
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const value: unknown = Reflect.get(error, name);
      if (typeof value === "function") return [name, "function"];
      if (name === "problem") {
        const { cause, ...problem } = Object(value);
        return [name, { ...problem, cause: seen(cause) }];
      }
      return [name, name === "cause" ? seen(value) : value];
    }),
  );
}
