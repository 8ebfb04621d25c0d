import type { ThreadEvent } from "../../protocol/events.ts";
import {
  itemCompleted,
  threadStarted,
  turnCompleted,
  turnStarted,
} from "../kit/build/events.ts";
import { agentMessage } from "../kit/build/items.ts";

/** The thread that every fake CLI opens. */
export const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** Lists the events of a turn that succeeds. */
export function completedEvents(
  text: string,
): [ThreadEvent, ThreadEvent, ThreadEvent, ThreadEvent] {
  return [
    threadStarted(THREAD_ID),
    turnStarted(),
    itemCompleted(agentMessage(text, { id: "item_0" })),
    turnCompleted(),
  ];
}

/** Lists the lines of a turn that succeeds, as the CLI prints them. */
export function completedTurn(text: string): string[] {
  return completedEvents(text).map((event) => JSON.stringify(event));
}
