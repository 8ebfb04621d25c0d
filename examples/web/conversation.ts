/** The one conversation that all tabs show. @module */

import type { CodexAppServer, ServerThread } from "@acodex/sdk/app-server";
import type { ChatMessage, ChatState } from "./messages.ts";
import { RunningTurn } from "./running_turn.ts";

/** Keeps what was said, and the turn that runs. Its thread is known to the server alone. */
export class Conversation {
  readonly #codex: CodexAppServer;
  #thread: ServerThread;
  #messages: ChatMessage[] = [];
  /** The last turn; kept for a tab that asks for it a moment too late. */
  #turn: RunningTurn | undefined;

  /** Makes it; the thread starts with the first message. */
  constructor(codex: CodexAppServer) {
    this.#codex = codex;
    this.#thread = this.#startThread();
  }

  /** Gives what a tab begins with. */
  state(): ChatState {
    const turn = this.#turn;
    const isRunning = turn !== undefined && turn.answer === undefined;
    return {
      messages: this.#messages.concat(turn?.answer ?? []),
      turnId: isRunning ? turn.id : null,
    };
  }

  /** Begins a turn; gives `undefined` if another one runs. */
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

  /** Finds the turn that runs, or ran last. */
  find(id: string): RunningTurn | undefined {
    return this.#turn?.id === id ? this.#turn : undefined;
  }

  /** Decides on what the agent asks for; false if it does not ask for it any more. */
  decide(approvalId: string, isAllowed: boolean): boolean {
    return this.#turn?.decide(approvalId, isAllowed) ?? false;
  }

  /** Ends the turn that runs; done when nothing of it is left. */
  async stop(): Promise<void> {
    await this.#turn?.stop();
  }

  /** Begins another conversation; done when nothing is left of the turn that runs. */
  async beginAnew(): Promise<void> {
    const turn = this.#turn;
    // Before the wait: the next message belongs to the new one.
    this.#turn = undefined;
    this.#messages = [];
    this.#thread = this.#startThread();
    await turn?.stop();
  }

  #startThread(): ServerThread {
    return this.#codex.startThread({ sandboxMode: "workspace-write" });
  }
}
