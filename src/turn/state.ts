import type { Diagnostic } from "../protocol/diagnostics.ts";
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
  /** The words of `turn.failed`, or of the last `error` event where it has none. */
  readonly failure: string | null;
  /** The words of the last `error` event: why the CLI gave up, if it did (facts F2). */
  readonly lastError: string | null;
  /** The latest 100 messages of `error` events and items. */
  readonly warnings: readonly string[];
  /** The first 100 things on the CLI's output that were not understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a state holds beside its items. */
export type TurnFields = Omit<TurnState, "items">;

/** The state as it is kept: items can be added without copying them. */
export class ListedTurnState implements TurnState {
  readonly #fields: TurnFields;
  readonly #list: AppendList<ThreadItem>;
  declare readonly items: ThreadItem[];
  declare readonly status: TurnState["status"];
  declare readonly threadId: string | null;
  declare readonly finalResponse: string;
  declare readonly usage: Usage | null;
  declare readonly usageBefore: Usage | null;
  declare readonly failure: string | null;
  declare readonly lastError: string | null;
  declare readonly warnings: readonly string[];
  declare readonly diagnostics: readonly Diagnostic[];

  constructor(fields: TurnFields, list: AppendList<ThreadItem>) {
    this.#fields = fields;
    this.#list = list;
    Object.assign(this, fields);
    // The state's own, so that JSON, structuredClone and spreading take the items along.
    Object.defineProperty(this, "items", {
      enumerable: true,
      get: () => list.toArray(),
    });
  }

  /** A state as it is kept, also from one that was stored as JSON. */
  static of(state: TurnState): ListedTurnState {
    if (state instanceof ListedTurnState) return state;
    const { items, ...fields } = state;
    return new ListedTurnState(fields, new AppendList([...items]));
  }

  /** This state with fields changed. */
  with(changes: Partial<TurnFields>): ListedTurnState {
    return new ListedTurnState({ ...this.#fields, ...changes }, this.#list);
  }

  /** This state with an item more and fields changed. */
  withItem(
    item: ThreadItem,
    changes?: Partial<TurnFields>,
  ): ListedTurnState {
    return new ListedTurnState(
      { ...this.#fields, ...changes },
      this.#list.append(item),
    );
  }
}
