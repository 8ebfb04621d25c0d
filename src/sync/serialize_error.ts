import {
  CodexError,
  errorClass,
  errorClassName,
  makeError,
  MAX_CAUSES,
  plainFields,
  readErrorOptions,
} from "../errors/codex_error.ts";
import type { TurnErrorOptions } from "../errors/turn_errors.ts";
import type { TurnFacts } from "../errors/turn_facts.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { isError } from "../util/realms.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** An error as plain data, since instances of a class cannot be sent to another thread. */
export interface SerializedError {
  /** The name of its class; `null` if the class is not this package's. */
  readonly className: string | null;
  /** Its name. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Its stack; restored if the class is not this package's. */
  readonly stack: string | undefined;
  /** Its options without facts and cause; for other classes, the fields that are strings, numbers or booleans. */
  readonly fields: object;
  /** The facts about the turn that it ended, if any. */
  readonly facts: SerializedFacts | undefined;
  /** The error that caused it. */
  readonly cause: SerializedError | undefined;
}

/** The facts about a turn, with the number of its items instead of the items, which are sent separately. */
type SerializedFacts = Omit<TurnFacts, "items"> & {
  readonly itemCount: number;
};

/** Serializes an error, to be sent to another thread. */
export function serializeError(error: unknown, depth = 0): SerializedError {
  const { name, message, stack, cause } = isError(error)
    ? error
    : new Error(thrownMessage(error));
  const taken = error instanceof CodexError
    ? takeApart(error)
    : { className: null, fields: plainFields(error), facts: undefined };
  return {
    ...{ ...taken, name, message, stack },
    cause: cause === undefined || depth === MAX_CAUSES
      ? undefined
      : serializeError(cause, depth + 1),
  };
}

/**
 * Restores an error, with the same class if that is this package's.
 *
 * @param items The items of its turn that were received.
 */
export function deserializeError(
  { className, name, message, stack, fields, facts, ...rest }: SerializedError,
  items: readonly ThreadItem[],
): Error {
  const cause = rest.cause && deserializeError(rest.cause, items);
  if (className === null) {
    const error = new Error(
      message,
      cause === undefined ? undefined : { cause },
    );
    return Object.assign(error, fields, { name, stack });
  }
  return makeError(errorClass(className), message, {
    ...{ ...fields, cause },
    facts: facts && deserializeFacts(facts, items),
  });
}

/** Returns the class of an error and the options that it was created with. */
function takeApart(
  error: CodexError,
): Pick<SerializedError, "className" | "fields" | "facts"> {
  const { cause: _, facts, ...fields }: TurnErrorOptions = readErrorOptions(
    error,
  );
  return {
    className: errorClassName(error),
    fields,
    facts: facts && serializeFacts(facts),
  };
}

function serializeFacts({ items, ...facts }: TurnFacts): SerializedFacts {
  return { ...facts, itemCount: items.length };
}

/** Restores the facts about a turn, with the items that were received. */
export function deserializeFacts(
  { itemCount, ...facts }: SerializedFacts,
  items: readonly ThreadItem[],
): TurnFacts {
  return { ...facts, items: items.slice(0, itemCount) };
}
