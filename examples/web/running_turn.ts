/** A turn that several tabs watch. @module */

import { toUIMessageStream } from "@acodex/sdk/ai";
import type {
  ApprovalDecision,
  ApprovalRequest,
  ServerThread,
} from "@acodex/sdk/app-server";
import { readUIMessageStream } from "ai";
import { describeApproval } from "./describe_approval.ts";
import type { Approval, ChatChunk, ChatMessage } from "./messages.ts";

/** The time after which a turn without viewers is ended, in ms; a reload takes less. */
const UNWATCHED_MS = 10_000;

/** An open approval request. */
interface Question {
  readonly approval: Approval;
  readonly answer: (decision: ApprovalDecision) => void;
}

/**
 * Runs a turn and keeps all of its chunks for later viewers. It does not wait for slow
 * viewers.
 */
export class RunningTurn {
  readonly id = crypto.randomUUID();
  readonly #chunks: ChatChunk[] = [];
  readonly #questions = new Map<string, Question>();
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #isOver = false;
  /** The notice about a turn that was stopped. */
  #whyStopped = "Stopped.";
  #answer: ChatMessage | undefined;
  /** Resolves with the next chunk, and at the end. */
  #next = Promise.withResolvers<void>();
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts the turn. */
  constructor(thread: ServerThread, prompt: string) {
    this.#limitWait();
    this.#ended = this.#run(thread, prompt);
  }

  /** The whole answer, once the turn is over. */
  get answer(): ChatMessage | undefined {
    return this.#answer;
  }

  /** Streams the turn from its beginning. A viewer that leaves ends it only if it was the last. */
  watch(): ReadableStream<ChatChunk> {
    this.#watchers += 1;
    clearTimeout(this.#timer);
    return this.#read(() => {
      this.#watchers -= 1;
      this.#limitWait();
    });
  }

  /** Answers an approval request; returns false if it is no longer open. */
  decide(approvalId: string, isAllowed: boolean): boolean {
    return this.#settle(approvalId, isAllowed ? "allowed" : "declined");
  }

  /** Ends the turn, and resolves when its processes have exited. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(thread: ServerThread, prompt: string): Promise<void> {
    try {
      const turn = await thread.runStreamed(prompt, {
        deltas: true,
        signal: this.#stop.signal,
        onApproval: (request, { signal }) => this.#ask(request, signal),
      });
      const stream = toUIMessageStream(turn, {
        messageId: this.id,
        // The reader owns this machine, so the message may be shown.
        onError: (error) => error.message,
      });
      for await (const chunk of stream) {
        this.#add(...withNotice(chunk, this.#whyStopped));
      }
    } catch (error) {
      this.#add(notice(error instanceof Error ? error.message : String(error)));
    } finally {
      for (const id of [...this.#questions.keys()]) {
        this.#settle(id, "withdrawn");
      }
      clearTimeout(this.#timer);
      this.#isOver = true;
      this.#answer = await readAnswer(this.id, this.#read(() => {}));
      this.#next.resolve();
    }
  }

  /** Asks the viewers to decide. */
  #ask(
    request: ApprovalRequest,
    signal: AbortSignal,
  ): Promise<ApprovalDecision> {
    const id = crypto.randomUUID();
    const approval = describeApproval(request);
    return new Promise((answer) => {
      this.#questions.set(id, { approval, answer });
      this.#add({ type: "data-approval", id, data: approval });
      const withdraw = () => this.#settle(id, "withdrawn");
      if (signal.aborted) withdraw();
      else signal.addEventListener("abort", withdraw, { once: true });
    });
  }

  /** Answers a request, and shows the decision to all viewers. */
  #settle(id: string, state: Exclude<Approval["state"], "asked">): boolean {
    const question = this.#questions.get(id);
    if (question === undefined) return false;
    this.#questions.delete(id);
    const data = { ...question.approval, state };
    this.#add({ type: "data-approval", id, data });
    question.answer(state === "allowed" ? "accept" : "decline");
    return true;
  }

  #add(...chunks: ChatChunk[]): void {
    this.#chunks.push(...chunks);
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Reads all chunks from the beginning; calls `leave` once, when they or the reader end. */
  #read(leave: () => void): ReadableStream<ChatChunk> {
    let index = 0;
    let hasLeft = false;
    const leaveOnce = (): void => {
      if (!hasLeft) leave();
      hasLeft = true;
    };
    return new ReadableStream({
      pull: async (controller) => {
        while (index === this.#chunks.length && !this.#isOver) {
          await this.#next.promise;
        }
        if (hasLeft) return;
        const chunk = this.#chunks[index++];
        if (chunk !== undefined) return controller.enqueue(chunk);
        leaveOnce();
        controller.close();
      },
      cancel: leaveOnce,
    }, { highWaterMark: 0 });
  }

  /** Ends the turn after a while if it has no viewers. */
  #limitWait(): void {
    if (this.#watchers > 0 || this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#whyStopped = "Ended, since nobody watched.";
      this.#stop.abort();
    }, UNWATCHED_MS);
  }
}

/** Adds a notice to the chunk that ends a failed turn, for viewers who come later. */
function withNotice(chunk: ChatChunk, whyStopped: string): ChatChunk[] {
  switch (chunk.type) {
    case "abort":
      return [notice(whyStopped), chunk];
    case "error":
      return [notice(chunk.errorText)];
    default:
      return [chunk];
  }
}

function notice(text: string): ChatChunk {
  return { type: "data-notice", data: { text } };
}

/** Builds a message from all chunks. */
async function readAnswer(
  id: string,
  stream: ReadableStream<ChatChunk>,
): Promise<ChatMessage> {
  let answer: ChatMessage = { id, role: "assistant", parts: [] };
  for await (const message of readUIMessageStream<ChatMessage>({ stream })) {
    answer = message;
  }
  return answer;
}
