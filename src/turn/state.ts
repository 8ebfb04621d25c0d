import { NO_TURN_RECORD, type TurnRecord } from "../errors/turn_facts.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { AppendList } from "./append_list.ts";
import { NO_USAGE } from "./usage.ts";

/** The state of a turn while its events come in. */
export interface TurnState extends TurnRecord {
  /** `running` until `turn.completed` or `turn.failed` decides the turn. */
  readonly status: "running" | "completed" | "failed";
  /** The text of the last completed agent message; empty before there is one. */
  readonly finalResponse: string;
  /** The thread's token total before this turn; `null` if it is unknown. */
  readonly usageBefore: Usage | null;
  /**
   * The message of `turn.failed`, or of the last `error` event if that has no message;
   * `null` if the turn has not failed.
   */
  readonly failure: string | null;
  /**
   * The message of the last `error` event, until the turn continues after it: the reason
   * why the CLI gave up, or retries.
   */
  readonly lastError: string | null;
}

/** The facts about a turn that are known before its first event. */
export interface InitialTurn {
  /**
   * The thread that is continued.
   *
   * @default {null} A new thread
   */
  threadId?: string | null;
  /**
   * The thread's token total before this turn; `null` if it is unknown.
   *
   * @default {NO_USAGE} Zeros, the total of a new thread
   */
  usageBefore?: Usage | null;
}

/** A state without its items. */
export type TurnFields = Omit<TurnState, "items">;

/** Returns the state of a turn before its first event. */
export function initialTurnState(
  { threadId = null, usageBefore = NO_USAGE }: InitialTurn = {},
): TurnState {
  const { items: _, ...record } = NO_TURN_RECORD;
  return makeState({
    status: "running",
    ...record,
    threadId,
    finalResponse: "",
    usageBefore,
    failure: null,
    lastError: null,
  }, new AppendList());
}

/**
 * Returns a state with fields changed and an item added; the given state is not changed.
 */
export function nextState(
  state: TurnState,
  changes?: Partial<TurnFields>,
  item?: ThreadItem,
): TurnState {
  return KeptState.of(state).next(changes, item) as unknown as TurnState;
}

/**
 * A state with its own fields, and with items that are added without copying the earlier
 * ones.
 */
class KeptState {
  readonly #fields: TurnFields;
  readonly #list: AppendList<ThreadItem>;

  constructor(fields: TurnFields, list: AppendList<ThreadItem>) {
    this.#fields = fields;
    this.#list = list;
    Object.assign(this, fields);
    // An own property, so that JSON, structuredClone and spreading include the items.
    Object.defineProperty(this, "items", {
      enumerable: true,
      get: () => list.toArray(),
    });
  }

  /** Returns the kept state, including for a copy or for a state restored from JSON. */
  static of(state: TurnState): KeptState {
    if (#fields in state) return state;
    const { items, ...fields } = state;
    return new KeptState(fields, new AppendList([...items]));
  }

  /** Returns the state with fields changed and an item added. */
  next(changes?: Partial<TurnFields>, item?: ThreadItem): KeptState {
    return new KeptState(
      changes === undefined ? this.#fields : { ...this.#fields, ...changes },
      item === undefined ? this.#list : this.#list.append(item),
    );
  }
}

function makeState(
  fields: TurnFields,
  list: AppendList<ThreadItem>,
): TurnState {
  return new KeptState(fields, list) as unknown as TurnState;
}
