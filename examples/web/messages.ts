/** The messages between the server and the page. @module */

import type { InferUIMessageChunk, UIMessage } from "ai";

/** An approval request of the agent, and its decision. */
export interface Approval {
  /** A short description of what the agent wants to do. */
  readonly title: string;
  /** The command, the diff, or other details. */
  readonly detail: string;
  /** The agent's reason; `null` if it gives none. */
  readonly reason: string | null;
  /** The state; `withdrawn` once no answer is needed any more. */
  readonly state: "asked" | "allowed" | "declined" | "withdrawn";
}

/** A message of the conversation; a notice says how an incomplete turn ended. */
export type ChatMessage = UIMessage<
  unknown,
  { approval: Approval; notice: { readonly text: string } }
>;

/** A piece of an answer. */
export type ChatChunk = InferUIMessageChunk<ChatMessage>;

/** The state that a new tab starts with. */
export interface ChatState {
  /** All messages except the answer that is being written. */
  readonly messages: readonly ChatMessage[];
  /** The turn that writes that answer; `null` if no turn is running. */
  readonly turnId: string | null;
}
