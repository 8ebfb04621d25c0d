import type { Usage } from "../protocol/events.ts";
import type { SerialQueue } from "../util/serial_queue.ts";

/** Holds what a thread's turns share. */
export interface ThreadState {
  /** The thread's id; `null` until the CLI has opened it. */
  id: string | null;
  /** The thread's token total so far; `null` where it is not known. */
  usage: Usage | null;
  /** The queue in which its turns wait for each other. */
  readonly queue: SerialQueue;
}
