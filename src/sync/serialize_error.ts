import {
  CodexConfigError,
  CodexEnvironmentError,
  CodexError,
  type CodexErrorCode,
  CodexInputError,
  CodexInternalError,
  CodexOutputSchemaError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import type { ThreadItem } from "../protocol/items.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexLineTooLongError,
  CodexProtocolError,
  CodexStructuredResponseError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  CodexThreadStreamNotConsumedError,
  CodexTimeoutError,
  CodexTurnError,
  NO_TURN_FACTS,
  type TurnFacts,
} from "../errors/turn_errors.ts";

/** How many causes of causes are taken along. */
const DEEPEST_CAUSE = 8;

/** An error as plain data: objects of a class cannot be sent to another thread. */
export interface PackedError {
  /** The place of its class among {@linkcode CLASSES}; -1 for one that is not this package's. */
  readonly classIndex: number;
  /** Its name. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Its code, where it is this package's. */
  readonly code: CodexErrorCode;
  /** Where it was made, for one that is not this package's. */
  readonly stack: string | undefined;
  /** What else it holds. */
  readonly fields: object;
  /** The turn that it ended, where it did; its items by their number, as they cross on their own. */
  readonly facts: PackedFacts | undefined;
  /** The error behind it. */
  readonly cause: PackedError | undefined;
}

/** What is known of a turn, with the number of its items in their place. */
type PackedFacts = Omit<TurnFacts, "items"> & { readonly itemCount: number };

/** What every class makes an error of, beside its own fields. */
interface Parts {
  readonly message: string;
  readonly code: CodexErrorCode;
  readonly facts: TurnFacts;
  readonly cause: unknown;
}

/** How errors of a class are taken apart and made again. */
interface ClassEntry {
  readonly type: abstract new (...args: never[]) => CodexError;
  fieldsOf(error: CodexError): object;
  make(parts: Parts, fields: object): CodexError;
}

/** An entry whose class and fields go together; they are not told apart once it is in the table. */
function entry<E extends CodexError, F extends object>(
  type: abstract new (...args: never[]) => E,
  fieldsOf: (error: E) => F,
  make: (parts: Parts, fields: F) => E,
): ClassEntry {
  return { type, fieldsOf, make } as unknown as ClassEntry;
}

/** Every class of this package's errors. */
export const CLASSES: readonly ClassEntry[] = [
  entry(
    CodexInputError,
    ({ path }) => ({ path }),
    ({ message, cause }, { path }) => new CodexInputError(message, path, cause),
  ),
  entry(
    CodexConfigError,
    ({ path }) => ({ path }),
    ({ message }, { path }) => new CodexConfigError(message, path),
  ),
  entry(
    CodexOutputSchemaError,
    ({ path }) => ({ path }),
    ({ message, cause }, { path }) =>
      new CodexOutputSchemaError(message, path, cause),
  ),
  entry(
    CodexPermissionError,
    ({ flag }) => ({ flag }),
    ({ message, cause }, { flag }) =>
      new CodexPermissionError(message, flag, cause),
  ),
  entry(
    CodexEnvironmentError,
    ({ path, systemCode }) => ({ path, systemCode }),
    ({ message, cause }, fields) =>
      new CodexEnvironmentError(message, { ...fields, cause }),
  ),
  entry(
    CodexInternalError,
    () => ({}),
    ({ message, cause }) => new CodexInternalError(message, cause),
  ),
  entry(
    CodexCancelledError,
    () => ({}),
    ({ facts, cause }) => new CodexCancelledError(cause, facts),
  ),
  entry(
    CodexTimeoutError,
    ({ limitMs }) => ({ limitMs }),
    ({ message, facts }, { limitMs }) =>
      new CodexTimeoutError(message, limitMs, facts),
  ),
  entry(
    CodexIdleTimeoutError,
    ({ limitMs }) => ({ limitMs }),
    ({ message, facts }, { limitMs }) =>
      new CodexIdleTimeoutError(message, limitMs, facts),
  ),
  entry(
    CodexExecutableNotFoundError,
    ({ searched }) => ({ searched }),
    ({ message, cause }, { searched }) =>
      new CodexExecutableNotFoundError(message, searched, cause),
  ),
  entry(
    CodexExecError,
    (error) => ({ code: error.code as "exited" | "spawn_failed" }),
    ({ message, facts, cause }, { code }) =>
      new CodexExecError(message, code, facts, cause),
  ),
  entry(
    CodexIncompleteTurnError,
    () => ({}),
    ({ message, facts }) => new CodexIncompleteTurnError(message, facts),
  ),
  entry(
    CodexThreadNotFoundError,
    ({ requestedThreadId: requested, openedThreadId: opened }) => ({
      requested,
      opened,
    }),
    ({ message, facts }, ids) =>
      new CodexThreadNotFoundError(message, ids, facts),
  ),
  entry(
    CodexThreadStreamNotConsumedError,
    () => ({}),
    () => new CodexThreadStreamNotConsumedError(),
  ),
  entry(
    CodexStructuredResponseError,
    ({ responseText, issues }) => ({ responseText, issues }),
    ({ message, facts, cause }, { responseText, issues }) =>
      new CodexStructuredResponseError(
        message,
        responseText,
        issues,
        facts,
        cause,
      ),
  ),
  entry(
    CodexProtocolError,
    ({ problem: { cause: _, ...problem } }) => problem,
    ({ facts, cause }, problem) =>
      new CodexProtocolError({ ...problem, cause }, facts),
  ),
  entry(
    CodexLineTooLongError,
    ({ problem: { cause: _, ...problem } }) => problem,
    ({ facts, cause }, problem) =>
      new CodexLineTooLongError({ ...problem, cause }, facts),
  ),
  entry(
    CodexThreadRunError,
    () => ({}),
    ({ message, code, facts, cause }) =>
      new CodexThreadRunError(message, facts, code, cause),
  ),
  entry(
    CodexTurnError,
    () => ({}),
    ({ message, code, facts, cause }) =>
      new CodexTurnError(message, code, facts, cause),
  ),
  entry(
    CodexError,
    () => ({}),
    ({ message, code, cause }) => new CodexError(message, code, cause),
  ),
];

/** Takes an error apart, to be sent to another thread. */
export function packError(error: unknown, depth = 0): PackedError {
  const classIndex = CLASSES.findIndex(({ type }) =>
    Object(error).constructor === type
  );
  const { name, message, stack, cause } = error instanceof Error
    ? error
    : new Error(String(error));
  return {
    classIndex,
    name,
    message,
    code: error instanceof CodexError ? error.code : "internal",
    stack,
    fields: error instanceof CodexError
      ? CLASSES[classIndex]?.fieldsOf(error) ?? {}
      : plainFields(error),
    facts: error instanceof CodexTurnError ? packFacts(error) : undefined,
    cause: cause === undefined || depth === DEEPEST_CAUSE
      ? undefined
      : packError(cause, depth + 1),
  };
}

/**
 * Makes an error again: of the same class where it is one of this package's.
 *
 * @param items The items of its turn, as they have come across.
 */
export function unpackError(
  packed: PackedError,
  items: readonly ThreadItem[],
): Error {
  const { classIndex, name, message, code, stack, fields } = packed;
  const cause = packed.cause && unpackError(packed.cause, items);
  const known = CLASSES[classIndex];
  if (known === undefined) {
    const error = new Error(
      message,
      cause === undefined ? undefined : { cause },
    );
    return Object.assign(error, fields, { name, stack });
  }
  const facts = unpackFacts(packed.facts, items);
  const error = known.make({ message, code, facts, cause }, fields);
  // A message that was cut short would be cut again.
  Object.defineProperty(error, "message", { value: message });
  return error;
}

/** The fields of another library's or the runtime's error that are words and numbers: `code`, `syscall`. */
function plainFields(error: unknown): object {
  return Object.fromEntries(
    Object.entries(Object(error)).filter(([, value]) =>
      typeof value === "string" || typeof value === "number" ||
      typeof value === "boolean"
    ),
  );
}

function packFacts(error: CodexTurnError): PackedFacts {
  const { threadId, usage, warnings, diagnostics, exitCode, signal } = error;
  return {
    ...{ threadId, usage, warnings, diagnostics, exitCode, signal },
    stderr: error.stderr,
    argv: error.argv,
    itemCount: error.items.length,
  };
}

function unpackFacts(
  packed: PackedFacts | undefined,
  items: readonly ThreadItem[],
): TurnFacts {
  if (packed === undefined) return NO_TURN_FACTS;
  const { itemCount, ...facts } = packed;
  return { ...facts, items: items.slice(0, itemCount) };
}
