/** The one conversation that all tabs show. @module */

import type { CodexAppServer, ServerThread } from "@acodex/sdk/app-server";
import type { ChatMessage, ChatState } from "./messages.ts";
import { RunningTurn } from "./running_turn.ts";

/** Keeps the messages and the running turn. Only the server knows its thread. */
export class Conversation {
  readonly #codex: CodexAppServer;
  #thread: ServerThread;
  #messages: ChatMessage[] = [];
  /** The last turn; kept for a tab that asks for it just after its end. */
  #turn: RunningTurn | undefined;

  /** Creates the conversation; its thread starts with the first message. */
  constructor(codex: CodexAppServer) {
    this.#codex = codex;
    this.#thread = this.#startThread();
  }

  /** Returns the state for a new tab. */
  state(): ChatState {
    const turn = this.#turn;
    const isRunning = turn !== undefined && turn.answer === undefined;
    return {
      messages: this.#messages.concat(turn?.answer ?? []),
      turnId: isRunning ? turn.id : null,
    };
  }

  /** Starts a turn; returns `undefined` if another one is running. */
  begin(
    { id, text }: { readonly id: string; readonly text: string },
  ): RunningTurn | undefined {
    const before = this.#turn;
    if (before !== undefined && before.answer === undefined) return undefined;
    this.#messages.push(...before?.answer === undefined ? [] : [before.answer]);
    this.#messages.push({ id, role: "user", parts: [{ type: "text", text }] });
    this.#turn = new RunningTurn(this.#thread, text);
    return this.#turn;
  }

  /** Finds the running turn, or the last one. */
  find(id: string): RunningTurn | undefined {
    return this.#turn?.id === id ? this.#turn : undefined;
  }

  /** Answers an approval request; returns false if it is no longer open. */
  decide(approvalId: string, isAllowed: boolean): boolean {
    return this.#turn?.decide(approvalId, isAllowed) ?? false;
  }

  /** Ends the running turn, and resolves when its processes have exited. */
  async stop(): Promise<void> {
    await this.#turn?.stop();
  }

  /** Starts a new conversation, and resolves when the running turn's processes have exited. */
  async beginAnew(): Promise<void> {
    const turn = this.#turn;
    // Before waiting: the next message belongs to the new conversation.
    this.#turn = undefined;
    this.#messages = [];
    this.#thread = this.#startThread();
    await turn?.stop();
  }

  #startThread(): ServerThread {
    return this.#codex.startThread({ sandboxMode: "workspace-write" });
  }
}
