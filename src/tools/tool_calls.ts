import { quoted } from "../util/text.ts";
import {
  type CallResult,
  failedCall,
  type ReadFile,
  returnedCall,
  thrownCall,
} from "./tool_content.ts";
import type { PreparedTool } from "./prepared_tools.ts";

/** One call, as the agent makes it. */
export interface ToolCall {
  /** The tool. */
  readonly tool: PreparedTool;
  /** Its input, as the model wrote it. */
  readonly input: unknown;
  /** The thread that calls. */
  readonly threadId: string;
  /** The call, by the id that the model gave it. */
  readonly callId: string;
}

/** The calls of a turn that are running: each ends in bounded time, and all with the turn. */
export class ToolCalls {
  readonly #timeoutMs: number;
  readonly #readFile: ReadFile;
  readonly #running = new Map<AbortController, number | string>();
  #isOver = false;

  /**
   * Makes them; none is running yet.
   *
   * @param timeoutMs How long a call may take.
   * @param readFile Reads an image that a tool gives as a `file:` URL.
   */
  constructor(timeoutMs: number, readFile: ReadFile) {
    this.#timeoutMs = timeoutMs;
    this.#readFile = readFile;
  }

  /**
   * Runs a tool; never fails, and never takes longer than a call may: what the tool does
   * after that counts no more.
   *
   * @param id The id under which it can be cancelled.
   */
  async run(id: number | string, call: ToolCall): Promise<CallResult> {
    if (this.#isOver) return failedCall("The turn has ended");
    const { name } = call.tool.tool;
    const stop = new AbortController();
    const { signal } = stop;
    const timer = setTimeout(() => {
      const words = `The tool ${
        quoted(name)
      } did not answer within ${this.#timeoutMs} ms`;
      stop.abort(new DOMException(words, "TimeoutError"));
    }, this.#timeoutMs);
    this.#running.set(stop, id);
    try {
      const stopped = new Promise<CallResult>((resolve) => {
        signal.addEventListener(
          "abort",
          () => resolve(thrownCall(signal.reason)),
          { once: true },
        );
      });
      return await Promise.race([this.#call(call, signal), stopped]);
    } finally {
      clearTimeout(timer);
      this.#running.delete(stop);
    }
  }

  /** Cancels a call that the agent no longer waits for. */
  cancel(id: unknown): void {
    for (const [stop, running] of this.#running) {
      if (running === id) stop.abort(abortError("The call was cancelled"));
    }
  }

  /** Ends all calls, and lets no other begin. */
  end(): void {
    this.#isOver = true;
    for (const stop of this.#running.keys()) {
      stop.abort(abortError("The turn has ended"));
    }
  }

  /** Reads the input, and runs the tool with it; never fails. */
  async #call(
    { tool: { tool, input }, threadId, callId, input: given }: ToolCall,
    signal: AbortSignal,
  ): Promise<CallResult> {
    try {
      const read = await input.read(given);
      if ("problem" in read) {
        return failedCall(`The input does not match: ${read.problem}`);
      }
      // It may have taken its time, and been stopped.
      signal.throwIfAborted();
      const context = { signal, threadId, callId };
      return await returnedCall(
        await tool.run(read.value, context),
        this.#readFile,
      );
    } catch (error) {
      return thrownCall(error);
    }
  }
}

function abortError(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
