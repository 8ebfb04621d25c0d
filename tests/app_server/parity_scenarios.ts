/** The scenarios by which both transports are compared. @module */

import type { ThreadOptions, TurnOptions, UserInput } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelDrop,
  modelFailure,
  modelFunctionCall,
  modelHttpError,
  modelMcpCall,
  modelMessage,
  modelPatch,
  modelPlan,
  modelReasoning,
  type ModelReply,
  modelUsage,
  modelWebSearch,
} from "../../testing.ts";

/** One prompt, and the model's replies. */
export interface Scenario {
  /** The model's replies, one for each request. */
  readonly replies: readonly ModelReply[];
  /** The thread's options, in addition to its folder. */
  readonly thread?: ThreadOptions;
  /** The turn's options. */
  readonly turn?: TurnOptions;
  /** Parts of the prompt, in addition to its text. */
  readonly parts?: readonly UserInput[];
  /** Files to create in the folder. */
  readonly files?: { readonly [path: string]: string };
  /** Additional directories, next to the turn's folder. */
  readonly beside?: readonly string[];
}

const DONE = modelAnswer(modelMessage("Done"));

/** A PNG of one pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const patched = (text: string): ModelReply =>
  modelAnswer(modelPatch(`*** Begin Patch\n${text}\n*** End Patch`));

/** The scenarios, by name. */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  "a message": { replies: [modelAnswer(modelMessage("Hello"))] },
  "two messages": {
    replies: [modelAnswer(modelMessage("One"), modelMessage("Two"))],
  },
  "a long message": {
    replies: [modelAnswer(modelMessage("word ".repeat(20_000)))],
  },
  "an odd message": {
    replies: [
      modelAnswer(modelMessage("\u2028 𝕏 \u0085 \u0000 \"'\\ é\n\r\n")),
    ],
  },
  "reasoning": {
    replies: [modelAnswer(modelReasoning("Thinking"), modelMessage("Hello"))],
  },
  "reasoning without a summary": {
    replies: [modelAnswer(modelReasoning(" "), modelMessage("Hello"))],
  },
  "tokens": {
    replies: [
      modelAnswer(
        modelMessage("Hello"),
        modelUsage({
          input_tokens: 12,
          output_tokens: 7,
          cached_input_tokens: 3,
          reasoning_output_tokens: 2,
        }),
      ),
    ],
  },
  "a command": {
    replies: [modelAnswer(modelCommand("echo one; echo two")), DONE],
  },
  "a command that fails": {
    replies: [modelAnswer(modelCommand("echo broken; exit 7")), DONE],
  },
  "a command without output": {
    replies: [modelAnswer(modelCommand("true")), DONE],
  },
  "a command that does not exist": {
    replies: [modelAnswer(modelCommand("no-such-program-here")), DONE],
  },
  "a command that writes to stderr": {
    replies: [modelAnswer(modelCommand("echo no >&2")), DONE],
  },
  "a command with odd output": {
    replies: [
      modelAnswer(
        modelCommand("printf 'a\\342\\200\\250b\\303\\251\\377\\000c\\n'"),
      ),
      DONE,
    ],
  },
  "a command with much output": {
    replies: [modelAnswer(modelCommand("seq 1 30000")), DONE],
  },
  "a command that runs on in the background": {
    replies: [
      modelAnswer(
        // Ends only once the second command runs, however slow the machine is.
        modelCommand("until [ -e go.txt ]; do sleep 0.1; done; echo late", {
          yield_time_ms: 250,
        }),
      ),
      modelAnswer(modelCommand("sleep 2; touch go.txt; sleep 3; echo after")),
      DONE,
    ],
    thread: { sandboxMode: "workspace-write" },
  },
  "two commands, one after the other": {
    replies: [
      modelAnswer(modelCommand("echo 1")),
      modelAnswer(modelCommand("echo 2")),
      DONE,
    ],
  },
  "a command that writes where it is allowed to": {
    replies: [
      modelAnswer(modelCommand("echo x > made.txt; cat made.txt")),
      DONE,
    ],
    thread: { sandboxMode: "workspace-write" },
  },
  "a command that writes where it is not allowed to": {
    // A command that fails at once may have no item, on either transport (facts A19).
    replies: [modelAnswer(modelCommand("sleep 0.3; echo x > made.txt")), DONE],
    thread: { sandboxMode: "read-only" },
  },
  "an additional directory": {
    replies: [modelAnswer(modelCommand("echo ok")), DONE],
    thread: { sandboxMode: "workspace-write" },
    beside: ["other"],
  },
  "no sandbox mode": {
    replies: [modelAnswer(modelMessage("Hello"))],
    thread: { sandboxMode: undefined },
  },
  "the network": {
    replies: [modelAnswer(modelMessage("Hello"))],
    thread: { sandboxMode: "workspace-write", networkAccessEnabled: true },
  },
  "a patch that adds": {
    replies: [patched("*** Add File: new.txt\n+hello"), DONE],
  },
  "a patch that changes": {
    replies: [patched("*** Update File: old.txt\n@@\n-old\n+new"), DONE],
    files: { "old.txt": "old\n" },
  },
  "a patch that deletes": {
    replies: [patched("*** Delete File: old.txt"), DONE],
    files: { "old.txt": "old\n" },
  },
  "a patch that does not apply": {
    replies: [patched("*** Update File: old.txt\n@@\n-nope\n+new"), DONE],
    files: { "old.txt": "old\n" },
  },
  "a plan": {
    replies: [
      modelAnswer(modelPlan(["Look", "Write"])),
      modelAnswer(modelPlan([{ step: "Look", status: "completed" }, "Write"])),
      DONE,
    ],
  },
  "a web search": {
    replies: [modelAnswer(modelWebSearch("cats"), modelMessage("Found"))],
    thread: { webSearchMode: "live" },
  },
  "an MCP tool": {
    replies: [modelAnswer(modelMcpCall("probe", "add", { a: 2, b: 3 })), DONE],
  },
  "an MCP tool that fails": {
    replies: [modelAnswer(modelMcpCall("probe", "fail")), DONE],
  },
  "an MCP tool that needs approval": {
    replies: [modelAnswer(modelMcpCall("probe", "write", { text: "x" })), DONE],
  },
  "a tool that does not exist": {
    replies: [modelAnswer(modelFunctionCall("no_such_tool", {})), DONE],
  },
  "an output schema": {
    replies: [modelAnswer(modelMessage('{"ok":true}'))],
    turn: {
      outputSchema: {
        type: "object",
        properties: { ok: { type: "boolean" } },
        required: ["ok"],
        additionalProperties: false,
      },
    },
  },
  "an effort": {
    replies: [modelAnswer(modelMessage("Hello"))],
    thread: { modelReasoningEffort: "high" },
  },
  "texts and an image": {
    replies: [modelAnswer(modelMessage("Seen"))],
    parts: [
      { type: "text", text: "And this" },
      { type: "image", image: `data:image/png;base64,${PIXEL}` },
    ],
  },
  "a rejected key": {
    replies: [modelHttpError(401, { error: { message: "Incorrect API key" } })],
  },
  "a bad request": {
    replies: [
      modelHttpError(400, {
        error: { message: "Bad", type: "invalid_request" },
      }),
    ],
  },
  "no such model": {
    replies: [
      modelHttpError(404, {
        error: { message: "No", code: "model_not_found" },
      }),
    ],
  },
  "a limit": {
    replies: [
      modelHttpError(429, {
        error: { type: "usage_limit_reached", message: "x" },
      }),
    ],
  },
  "too many requests": { replies: [modelHttpError(429)] },
  "a failure of the service": { replies: [modelHttpError(500)] },
  "an overload": {
    replies: [modelHttpError(503, { error: { code: "server_is_overloaded" } })],
  },
  "a stream that breaks": { replies: [modelDrop(modelMessage("Half"))] },
  "a response that fails": {
    replies: [modelFailure("server_error", "It broke")],
  },
  "a context that is too long": {
    replies: [modelFailure("context_length_exceeded", "Too long")],
  },
  "a failure after a command": {
    replies: [modelAnswer(modelCommand("echo one")), modelHttpError(400)],
  },
};
