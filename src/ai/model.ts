import {
  CodexCancelledError,
  CodexThreadNotFoundError,
} from "../errors/turn_errors.ts";
import { CodexError } from "../errors/codex_error.ts";
import type {
  Input,
  ThreadOptions,
  TurnOptions,
  UserInput,
} from "../options/options.ts";
import type { AgentClient, AgentThread, AgentTurn } from "./agent_client.ts";
import { type ReadCall, readCall } from "./call_options.ts";
import { readAnswers } from "./bridge/answers.ts";
import { makeBridge } from "./bridge/bridge.ts";
import { BridgedTurn, type StepOptions } from "./bridge/bridged_turn.ts";
import { StepMapper } from "./bridge/step_mapper.ts";
import { WAITING_TURNS } from "./bridge/waiting_turns.ts";
import { endWaiting, warnOfTools } from "./bridge/warnings.ts";
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
  AiWarning,
  CodexLanguageModel,
} from "./model_types.ts";
import { PartMapper } from "./part_mapper.ts";
import { readPrompt, readWholePrompt } from "./prompt.ts";
import { TurnStarter } from "./start_turn.ts";
import { streamTurn } from "./turn_stream.ts";
import { toAiUsage } from "./usage.ts";

/**
 * Creates a language model from a client, for the AI SDK 6 and 7, Mastra and anything else
 * that accepts one. Each call runs a turn of the agent. It continues the thread of the last
 * answer among the messages, or the one named by `providerOptions.codex.threadId`, and
 * sends only the new messages; otherwise it starts a thread.
 *
 * Commands, patches, searches and MCP tool calls are parts of the answer, as tools that the
 * agent ran itself. With `tools: "bridge"` the agent may call the AI SDK's own tools, and
 * with `approvals: "bridge"` it asks for approval: the answer ends with the question, the
 * turn waits, and the call whose prompt ends with the reply continues the same turn.
 *
 * Errors are those of the client, never an `APICallError`, so that the AI SDK does not retry
 * a turn that may have changed files.
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
 * @param codex The client: a {@linkcode Codex}, or a `CodexAppServer`, which streams text as
 * it is written.
 * @param options Options of the threads, limits of a turn, and the form of the answer.
 * @throws {CodexInputError} If an option of the model cannot be used. Invalid thread options
 * are reported by the first call.
 *
 * @example Let the agent call a tool of the AI SDK
 * ```ts ignore
 * import { Codex } from "@acodex/sdk";
 * import { codexModel } from "@acodex/sdk/ai";
 * import { isStepCount, streamText, tool } from "ai";
 * import { z } from "zod";
 *
 * const { textStream } = streamText({
 *   model: codexModel(new Codex(), { tools: "bridge" }),
 *   prompt: "What does article 7 cost?",
 *   tools: {
 *     lookupPrice: tool({
 *       description: "Looks up the price of an article, in euros",
 *       inputSchema: z.object({ article: z.string() }),
 *       execute: ({ article }) => ({ article, euros: 42 }),
 *     }),
 *   },
 *   stopWhen: isStepCount(20),
 * });
 * for await (const text of textStream) console.log(text);
 * ```
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
  readonly #starter: TurnStarter = new TurnStarter();

  constructor(codex: AgentClient<O>, options: SplitModelOptions<O>) {
    this.#codex = codex;
    this.#options = options;
    this.modelId = options.thread.model ?? "codex";
  }

  async doGenerate(options: AiCallOptions): Promise<AiResult> {
    return await collectParts(await this.#answer(options, false));
  }

  async doStream(
    options: AiCallOptions,
  ): Promise<{ stream: ReadableStream<AiPart> }> {
    return { stream: await this.#answer(options, true) };
  }

  /** Continues the turn that waits for the answers in the prompt, or runs a new one. */
  async #answer(
    options: AiCallOptions,
    isStreamed: boolean,
  ): Promise<ReadableStream<AiPart>> {
    const call = readCall(options, this.#options.bridge.hasTools);
    const step = { isStreamed, signal: options.abortSignal, tools: call.tools };
    const answers = readAnswers(options.prompt);
    const waiting = await WAITING_TURNS.find(answers.keys());
    if (waiting !== undefined) {
      const warnings = [...call.warnings, ...warnOfTools(call.tools, waiting)];
      const first = makeStreamStart(warnings);
      return waiting.step({ ...step, first, answers });
    }
    return await this.#run(options, call, step);
  }

  /** Runs a turn. */
  async #run(
    options: AiCallOptions,
    call: ReadCall,
    step: Omit<StepOptions, "first">,
  ): Promise<ReadableStream<AiPart>> {
    const { prompt } = options;
    const { threadId, usageBefore, input } = readPrompt(prompt, call.threadId);
    const own = { ...this.#options.thread, ...call.thread } as O;
    const mapper = new PartMapper({
      ...this.#options.answer,
      form: call.form,
      tag: crypto.randomUUID().slice(0, 8),
      modelId: own.model ?? this.modelId,
      hasRawChunks: options.includeRawChunks ?? false,
    });
    const { hasApprovals, limitMs } = this.#options.bridge;
    const bridge = call.tools.length > 0 || hasApprovals
      ? makeBridge(call.tools, { hasApprovals, limitMs })
      : undefined;
    const stop = new AbortController();
    const turnOptions = {
      ...this.#turnOptions(options, call),
      ...bridge && { ...bridge.turnOptions, signal: stop.signal },
    };
    const start = (input: Input, thread: AgentThread): Promise<AgentTurn> =>
      this.#starter.start(thread, askForJson(input, call), turnOptions);
    const thread = threadId === undefined
      ? this.#codex.startThread(own)
      : this.#codex.resumeThread(threadId, { ...own, usageBefore });
    const turn = await start(input, thread);
    const warnings = [...call.warnings, ...await endWaiting(threadId)];
    const mapping = {
      fail: (error: unknown) => failParts(error, mapper),
      recover: async (error: unknown) => {
        const isMissing = this.#options.restarts &&
          error instanceof CodexThreadNotFoundError;
        if (!isMissing) return undefined;
        return await start(
          readWholePrompt(prompt),
          this.#codex.startThread(own),
        );
      },
    };
    if (bridge === undefined) {
      return streamTurn<AiPart>(turn, {
        ...mapping,
        add: (event) => mapper.add(event),
        end: (turn) => mapper.end(turn),
      }, () => [makeStreamStart(warnings)]);
    }
    const { tools } = bridge;
    return new BridgedTurn({
      turn,
      bridge,
      mapper: new StepMapper(mapper, { tools, hasApprovals }),
      mapping,
      stop,
      limitMs,
    }).step({ ...step, first: makeStreamStart(warnings) });
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
}

/** Creates the first part of an answer. */
function makeStreamStart(warnings: AiWarning[]): AiPart {
  return { type: "stream-start", warnings };
}

/** Adds a request for JSON to the prompt, if JSON is wanted without a schema. */
function askForJson(input: Input, { form }: ReadCall): Input {
  if (form !== "json") return input;
  const parts: UserInput[] = typeof input === "string"
    ? [{ type: "text", text: input }]
    : input;
  const text = "Answer with one JSON value and nothing else.";
  return [...parts, { type: "text", text }];
}

/**
 * Ends the answer of a turn that failed. Throws an abort, so that it becomes the error of
 * the stream, where the AI SDK expects it.
 */
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
