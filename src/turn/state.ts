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
  /** The words of the last `error` event: why the CLI gave up, if it did. */
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
  const { fields, list } = PARTS.get(state) ?? takeApart(state);
  return makeState(
    { ...fields, ...changes },
    item === undefined ? list : list.append(item),
  );
}

/** The parts of a state: items can be added without copying those before them. */
interface Parts {
  readonly fields: TurnFields;
  readonly list: AppendList<ThreadItem>;
}

/** The parts of the states that were made here. */
const PARTS = new WeakMap<TurnState, Parts>();

function makeState(
  fields: TurnFields,
  list: AppendList<ThreadItem>,
): TurnState {
  // An own property, so that JSON, structuredClone and spreading take the items along.
  const state = Object.defineProperty({ ...fields }, "items", {
    enumerable: true,
    get: () => list.toArray(),
  }) as TurnState;
  PARTS.set(state, { fields, list });
  return state;
}

/** Takes a state apart that was not made here: a copy, or one that was stored as JSON. */
function takeApart({ items, ...fields }: TurnState): Parts {
  return { fields, list: new AppendList([...items]) };
}
