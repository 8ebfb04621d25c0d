/** What the server and the page tell each other. @module */

import type { InferUIMessageChunk, UIMessage } from "ai";

/** What the agent asks leave for, and what was decided. */
export interface Approval {
  /** What it wants to do, in a few words. */
  readonly title: string;
  /** The command, the diff, or whatever else it is. */
  readonly detail: string;
  /** Why; `null` if it does not say. */
  readonly reason: string | null;
  /** `withdrawn` once no answer is wanted any more. */
  readonly state: "asked" | "allowed" | "declined" | "withdrawn";
}

/** A message of the conversation; a notice says how a turn ended that did not complete. */
export type ChatMessage = UIMessage<
  unknown,
  { approval: Approval; notice: { readonly text: string } }
>;

/** A piece of an answer. */
export type ChatChunk = InferUIMessageChunk<ChatMessage>;

/** What a tab begins with. */
export interface ChatState {
  /** What was said, but for the answer that is being written. */
  readonly messages: readonly ChatMessage[];
  /** The turn that writes it; `null` if none runs. */
  readonly turnId: string | null;
}
