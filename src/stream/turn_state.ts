import type { Diagnostic } from "../diagnostics.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { AppendList } from "./append_list.ts";

/** What is known of a turn while its events come in. */
export interface TurnState {
  /** Whether the turn has been decided by `turn.completed` or `turn.failed`. */
  readonly status: "running" | "completed" | "failed";
  /** The thread's id, once `thread.started` has named it. */
  readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  readonly items: readonly ThreadItem[];
  /** The text of the last completed agent message; empty before there is one. */
  readonly finalResponse: string;
  /** The thread's token total, as `turn.completed` reports it (facts F5). */
  readonly usage: Usage | null;
  /** The thread's token total before this turn; `null` where it is not known. */
  readonly usageBefore: Usage | null;
  /** The words of `turn.failed`. */
  readonly failure: string | null;
  /** The latest 100 messages of `error` events and items. */
  readonly warnings: readonly string[];
  /** The first 100 things on the CLI's output that were not understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The state as it is kept: items can be added without copying them. */
export class ListedTurnState implements TurnState {
  readonly #items: AppendList<ThreadItem>;
  readonly status: TurnState["status"];
  readonly threadId: string | null;
  readonly finalResponse: string;
  readonly usage: Usage | null;
  readonly usageBefore: Usage | null;
  readonly failure: string | null;
  readonly warnings: readonly string[];
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    fields: Omit<TurnState, "items">,
    items: AppendList<ThreadItem>,
  ) {
    this.#items = items;
    this.status = fields.status;
    this.threadId = fields.threadId;
    this.finalResponse = fields.finalResponse;
    this.usage = fields.usage;
    this.usageBefore = fields.usageBefore;
    this.failure = fields.failure;
    this.warnings = fields.warnings;
    this.diagnostics = fields.diagnostics;
  }

  /** A state as it is kept, also from one that was stored as JSON. */
  static of(state: TurnState): ListedTurnState {
    return state instanceof ListedTurnState
      ? state
      : new ListedTurnState(state, new AppendList([...state.items]));
  }

  get items(): ThreadItem[] {
    return this.#items.toArray();
  }

  /** This state with fields changed. */
  with(changes: Partial<Omit<TurnState, "items">>): ListedTurnState {
    return new ListedTurnState({ ...this, ...changes }, this.#items);
  }

  /** This state with an item more and fields changed. */
  withItem(
    item: ThreadItem,
    changes: Partial<Omit<TurnState, "items">>,
  ): ListedTurnState {
    return new ListedTurnState(
      { ...this, ...changes },
      this.#items.append(item),
    );
  }
}
