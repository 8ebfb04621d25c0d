import {
  CodexCancelledError,
  CodexThreadNotFoundError,
} from "../errors/turn_errors.ts";
import { CodexError, CodexInputError } from "../errors/codex_error.ts";
import type {
  Input,
  ThreadOptions,
  TurnOptions,
  UserInput,
} from "../options/options.ts";
import type { AgentClient, AgentThread, AgentTurn } from "./agent_client.ts";
import { type ReadCall, readCall } from "./call_options.ts";
import { collectParts } from "./collect.ts";
import {
  type CodexModelOptions,
  type SplitModelOptions,
  splitModelOptions,
} from "./model_options.ts";
import type {
  AiCallOptions,
  AiPart,
  AiResult,
  CodexLanguageModel,
} from "./model_types.ts";
import { PartMapper } from "./part_mapper.ts";
import { readPrompt, readWholePrompt } from "./prompt.ts";
import { streamTurn } from "./turn_stream.ts";
import { toAiUsage } from "./usage.ts";

/**
 * Makes a language model of a client, for the AI SDK 6 and 7, Mastra, and what else takes
 * one. Each call is a turn of the agent. It goes on with the thread that the last answer
 * among the messages came from, or that `providerOptions.codex.threadId` names, and sends
 * what is new; without one it starts a thread.
 *
 * Commands, patches, searches and calls of MCP tools are parts of the answer that the agent
 * ran itself. Errors are those of the client, never an `APICallError`: the AI SDK does not
 * run a turn again that may have changed files.
 *
 * @example Generate a text
 * ```ts ignore
 * import { Codex } from "@acodex/sdk";
 * import { codexModel } from "@acodex/sdk/ai";
 * import { generateText } from "ai";
 *
 * const model = codexModel(new Codex(), { sandboxMode: "read-only" });
 * const { text } = await generateText({
 *   model,
 *   prompt: "Summarize this repository",
 * });
 * console.log(text);
 * ```
 *
 * @typeParam O The options of the client's threads.
 * @param codex The client: a {@linkcode Codex}, or a `CodexAppServer`, whose text comes as
 * it is written.
 * @param options Options of the threads, limits of a turn, and what becomes of its work.
 * @throws {CodexInputError} For an option of the model that cannot be used; one of a thread
 * shows in the first call.
 */
export function codexModel<O extends ThreadOptions = ThreadOptions>(
  codex: AgentClient<O>,
  options: CodexModelOptions<O> = {} as CodexModelOptions<O>,
): CodexLanguageModel {
  return new Model(codex, splitModelOptions(options));
}

/** A language model over a client. */
class Model<O extends ThreadOptions> implements CodexLanguageModel {
  readonly specificationVersion = "v3";
  readonly provider = "codex";
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]> = {};
  readonly #codex: AgentClient<O>;
  readonly #options: SplitModelOptions<O>;
  /** Says whether the client hands out pieces of messages; found out by asking for them. */
  #hasDeltas = true;

  constructor(codex: AgentClient<O>, options: SplitModelOptions<O>) {
    this.#codex = codex;
    this.#options = options;
    this.modelId = options.thread.model ?? "codex";
  }

  async doGenerate(options: AiCallOptions): Promise<AiResult> {
    return await collectParts(await this.#stream(options));
  }

  async doStream(
    options: AiCallOptions,
  ): Promise<{ stream: ReadableStream<AiPart> }> {
    return { stream: await this.#stream(options) };
  }

  async #stream(options: AiCallOptions): Promise<ReadableStream<AiPart>> {
    const call = readCall(options);
    const { prompt } = options;
    const { threadId, usageBefore, input } = readPrompt(prompt, call.threadId);
    const own = { ...this.#options.thread, ...call.thread } as O;
    const turnOptions = this.#turnOptions(options, call);
    const start = (input: Input, thread: AgentThread): Promise<AgentTurn> =>
      this.#start(thread, askForJson(input, call), turnOptions);
    const { modelId } = this;
    const mapper = new PartMapper({
      ...this.#options.answer,
      form: call.form,
      tag: crypto.randomUUID().slice(0, 8),
      modelId: own.model ?? modelId,
      hasRawChunks: options.includeRawChunks ?? false,
    });
    const thread = threadId === undefined
      ? this.#codex.startThread(own)
      : this.#codex.resumeThread(threadId, { ...own, usageBefore });
    return streamTurn<AiPart>(await start(input, thread), {
      add: (event) => mapper.add(event),
      end: (turn) => mapper.end(turn),
      fail: (error) => failParts(error, mapper),
      recover: async (error) => {
        const isMissing = this.#options.restarts &&
          error instanceof CodexThreadNotFoundError;
        if (!isMissing) return undefined;
        return await start(
          readWholePrompt(prompt),
          this.#codex.startThread(own),
        );
      },
    }, () => [{ type: "stream-start", warnings: call.warnings }]);
  }

  #turnOptions(
    { abortSignal }: AiCallOptions,
    { schema }: ReadCall,
  ): TurnOptions {
    const { turn, repair } = this.#options;
    return {
      ...turn,
      signal: abortSignal,
      ...schema !== undefined && {
        repair,
        outputType: { schema, parse: (value: unknown) => value },
      },
    };
  }

  /** Prepares a turn, with the pieces of its messages where the client has them. */
  async #start(
    thread: AgentThread,
    input: Input,
    options: TurnOptions,
  ): Promise<AgentTurn> {
    if (this.#hasDeltas) {
      try {
        return await thread.runStreamed(input, { ...options, deltas: true });
      } catch (error) {
        const isUnknown = error instanceof CodexInputError &&
          error.path === "deltas";
        if (!isUnknown) throw error;
        this.#hasDeltas = false;
      }
    }
    return await thread.runStreamed(input, options);
  }
}

/** Asks for JSON in words, where there is no schema that could be sent. */
function askForJson(input: Input, { form }: ReadCall): Input {
  if (form !== "json") return input;
  const parts: UserInput[] = typeof input === "string"
    ? [{ type: "text", text: input }]
    : input;
  const text = "Answer with one JSON value and nothing else.";
  return [...parts, { type: "text", text }];
}

/** Ends an answer whose turn has failed; an abort is the stream's own error, which the AI SDK looks for. */
function failParts(error: unknown, mapper: PartMapper): AiPart[] {
  if (error instanceof CodexCancelledError) throw error;
  const raw = error instanceof CodexError ? error.code : undefined;
  return [
    ...mapper.fail(),
    { type: "error", error },
    {
      type: "finish",
      finishReason: { unified: "error", raw },
      usage: toAiUsage(null),
    },
  ];
}
