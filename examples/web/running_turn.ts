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

/** How long a turn goes on that nobody watches, in ms: a reload takes less. */
const UNWATCHED_MS = 10_000;

/** A question that waits for its answer. */
interface Question {
  readonly approval: Approval;
  readonly answer: (decision: ApprovalDecision) => void;
}

/**
 * Runs a turn, and keeps all that it says, for those who come later. It does not wait for
 * those who watch it.
 */
export class RunningTurn {
  readonly id = crypto.randomUUID();
  readonly #chunks: ChatChunk[] = [];
  readonly #questions = new Map<string, Question>();
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #isOver = false;
  /** What is said of a turn that was stopped. */
  #whyStopped = "Stopped.";
  #answer: ChatMessage | undefined;
  /** Settled with the next chunk, and with the end. */
  #next = Promise.withResolvers<void>();
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts it. */
  constructor(thread: ServerThread, prompt: string) {
    this.#limitWait();
    this.#ended = this.#run(thread, prompt);
  }

  /** The whole answer, once the turn is over. */
  get answer(): ChatMessage | undefined {
    return this.#answer;
  }

  /** Hands out the turn from its beginning. Who leaves does not end it, unless nobody stays. */
  watch(): ReadableStream<ChatChunk> {
    this.#watchers += 1;
    clearTimeout(this.#timer);
    return this.#read(() => {
      this.#watchers -= 1;
      this.#limitWait();
    });
  }

  /** Decides on what the agent asks for; false if it does not ask for it any more. */
  decide(approvalId: string, isAllowed: boolean): boolean {
    return this.#settle(approvalId, isAllowed ? "allowed" : "declined");
  }

  /** Ends it; done when nothing of it is left. */
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
        // Whoever reads it owns the machine that it tells of.
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

  /** Has those who watch decide. */
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

  /** Answers a question, and shows all who watch how. */
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

  /** Reads all from the beginning; calls `leave` once, at the end or when the reader leaves. */
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

  /** Ends the turn in a while, if nobody watches it. */
  #limitWait(): void {
    if (this.#watchers > 0 || this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#whyStopped = "Ended, since nobody watched.";
      this.#stop.abort();
    }, UNWATCHED_MS);
  }
}

/** Adds to a chunk what is left of it for those who come when all is over. */
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

/** Makes a message of all that was said. */
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
