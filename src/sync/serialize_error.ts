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

/** An error as plain data: objects of a class cannot be sent to another thread. */
export interface SerializedError {
  /** The name of its class; `null` for one that is not this package's. */
  readonly className: string | null;
  /** Its name. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Its stack, for one that is not this package's. */
  readonly stack: string | undefined;
  /** Its options without facts and cause; of another package's error the fields that are strings, numbers and booleans. */
  readonly fields: object;
  /** The turn that it ended, where it did; its items by their number, as they cross on their own. */
  readonly facts: SerializedFacts | undefined;
  /** The error behind it. */
  readonly cause: SerializedError | undefined;
}

/** The facts about a turn, with the number of its items in their place. */
type SerializedFacts = Omit<TurnFacts, "items"> & {
  readonly itemCount: number;
};

/** Takes an error apart, to be sent to another thread. */
export function serializeError(error: unknown, depth = 0): SerializedError {
  const { name, message, stack, cause } = error instanceof Error
    ? error
    : new Error(String(error));
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
 * Makes an error again: of the same class where it is one of this package's.
 *
 * @param items The items of its turn, as they have come across.
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

/** Gives the class of an error and what it was made with. */
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

/** Gives what is known of a turn, with its items as they have come across. */
export function deserializeFacts(
  { itemCount, ...facts }: SerializedFacts,
  items: readonly ThreadItem[],
): TurnFacts {
  return { ...facts, items: items.slice(0, itemCount) };
}
