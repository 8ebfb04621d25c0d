import { NO_TURN_RECORD, type TurnRecord } from "../errors/turn_facts.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { AppendList } from "./append_list.ts";
import { NO_USAGE } from "./usage.ts";

/** The state of a turn while its events come in. */
export interface TurnState extends TurnRecord {
  /** Says whether the turn has been decided by `turn.completed` or `turn.failed`. */
  readonly status: "running" | "completed" | "failed";
  /** The text of the last completed agent message; empty before there is one. */
  readonly finalResponse: string;
  /** The thread's token total before this turn; `null` where it is not known. */
  readonly usageBefore: Usage | null;
  /** The words of `turn.failed`, or of the last `error` event where it has none. */
  readonly failure: string | null;
  /** The words of the last `error` event, until the turn goes on after it: why the CLI gave up, or tries again. */
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
   * The thread's token total before this turn; `null` where it is not known.
   *
   * @default {NO_USAGE} Zeros, the total of a new thread
   */
  usageBefore?: Usage | null;
}

/** A state without its items. */
export type TurnFields = Omit<TurnState, "items">;

/** Gives the state of a turn before its first event. */
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

/** Gives a state with fields changed, and an item more; the one before stays as it is. */
export function nextState(
  state: TurnState,
  changes?: Partial<TurnFields>,
  item?: ThreadItem,
): TurnState {
  return KeptState.of(state).next(changes, item) as unknown as TurnState;
}

/** A state as it is kept: its fields are its own, and items are added without copying those before them. */
class KeptState {
  readonly #fields: TurnFields;
  readonly #list: AppendList<ThreadItem>;

  constructor(fields: TurnFields, list: AppendList<ThreadItem>) {
    this.#fields = fields;
    this.#list = list;
    Object.assign(this, fields);
    // Its own, so that JSON, structuredClone and spreading take the items along.
    Object.defineProperty(this, "items", {
      enumerable: true,
      get: () => list.toArray(),
    });
  }

  /** Gives a state as it is kept, also from a copy, or from one that was stored as JSON. */
  static of(state: TurnState): KeptState {
    if (#fields in state) return state;
    const { items, ...fields } = state;
    return new KeptState(fields, new AppendList([...items]));
  }

  /** Makes the state with fields changed, and an item more. */
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
