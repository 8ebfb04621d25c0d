import { quoted } from "../util/text.ts";
import {
  type CallResult,
  failedCall,
  type ReadFile,
  returnedCall,
  thrownCall,
} from "./tool_content.ts";
import type { PreparedTool } from "./prepared_tools.ts";

/** One call by the agent. */
export interface ToolCall {
  /** The tool. */
  readonly tool: PreparedTool;
  /** Its input, as the model wrote it. */
  readonly input: unknown;
  /** The id of the calling thread. */
  readonly threadId: string;
  /** The id that the model gave the call. */
  readonly callId: string;
}

/** The running calls of a turn: each ends in bounded time, and all end with the turn. */
export class ToolCalls {
  readonly #timeoutMs: number;
  readonly #readFile: ReadFile;
  readonly #running = new Map<AbortController, number | string>();
  #isOver = false;

  /**
   * Creates an empty set of calls.
   *
   * @param timeoutMs The time limit of a call, in ms.
   * @param readFile Reads an image that a tool returns as a `file:` URL.
   */
  constructor(timeoutMs: number, readFile: ReadFile) {
    this.#timeoutMs = timeoutMs;
    this.#readFile = readFile;
  }

  /**
   * Runs a tool. Never rejects, and never exceeds the time limit of a call: a later result
   * of the tool is ignored.
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

  /** Ends all calls, and prevents new ones. */
  end(): void {
    this.#isOver = true;
    for (const stop of this.#running.keys()) {
      stop.abort(abortError("The turn has ended"));
    }
  }

  /** Reads the input, and runs the tool with it. Never rejects. */
  async #call(
    { tool: { tool, input }, threadId, callId, input: given }: ToolCall,
    signal: AbortSignal,
  ): Promise<CallResult> {
    try {
      const read = await input.read(given);
      if ("problem" in read) {
        return failedCall(`The input does not match: ${read.problem}`);
      }
      // The call may have been stopped while the input was read.
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
