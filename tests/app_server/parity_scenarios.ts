/** The prompts on which both transports are compared: what the model answers to each. @module */

import type { ThreadOptions, TurnOptions, UserInput } from "../../mod.ts";
import {
  answer,
  command,
  dropped,
  failedResponse,
  functionCall,
  httpError,
  mcpCall,
  message,
  type ModelReply,
  patch,
  plan,
  reasoning,
  usage,
  webSearch,
} from "../../src/testing/model.ts";

/** One prompt, and what comes of it. */
export interface Scenario {
  /** The model's answers, one a request. */
  readonly replies: readonly ModelReply[];
  /** The thread's options beside its folder. */
  readonly thread?: ThreadOptions;
  /** The turn's options. */
  readonly turn?: TurnOptions;
  /** Parts of the prompt beside its text. */
  readonly parts?: readonly UserInput[];
  /** Files to lay out in the folder. */
  readonly files?: { readonly [path: string]: string };
  /** Folders beside the folder of the turn that it names. */
  readonly beside?: readonly string[];
}

const DONE = answer(message("Done"));

/** A PNG of one pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const patched = (text: string): ModelReply =>
  answer(patch(`*** Begin Patch\n${text}\n*** End Patch`));

/** The scenarios, by name. */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  "a message": { replies: [answer(message("Hello"))] },
  "two messages": { replies: [answer(message("One"), message("Two"))] },
  "a long message": { replies: [answer(message("word ".repeat(20_000)))] },
  "an odd message": {
    replies: [answer(message("\u2028 𝕏 \u0085 \u0000 \"'\\ é\n\r\n"))],
  },
  "reasoning": { replies: [answer(reasoning("Thinking"), message("Hello"))] },
  "reasoning without a summary": {
    replies: [answer(reasoning(" "), message("Hello"))],
  },
  "tokens": {
    replies: [
      answer(
        message("Hello"),
        usage({
          input_tokens: 12,
          output_tokens: 7,
          cached_input_tokens: 3,
          reasoning_output_tokens: 2,
        }),
      ),
    ],
  },
  "a command": { replies: [answer(command("echo one; echo two")), DONE] },
  "a command that fails": {
    replies: [answer(command("echo broken; exit 7")), DONE],
  },
  "a command that says nothing": { replies: [answer(command("true")), DONE] },
  "a command that is not there": {
    replies: [answer(command("no-such-program-here")), DONE],
  },
  "a command on stderr": { replies: [answer(command("echo no >&2")), DONE] },
  "a command with odd output": {
    replies: [
      answer(command("printf 'a\\342\\200\\250b\\303\\251\\377\\000c\\n'")),
      DONE,
    ],
  },
  "a command with much output": {
    replies: [answer(command("seq 1 30000")), DONE],
  },
  "a command that is handed back": {
    replies: [
      answer(command("sleep 2; echo late", { yield_time_ms: 250 })),
      answer(command("sleep 4; echo after")),
      DONE,
    ],
  },
  "two commands, one after the other": {
    replies: [answer(command("echo 1")), answer(command("echo 2")), DONE],
  },
  "a command that writes where it may": {
    replies: [answer(command("echo x > made.txt; cat made.txt")), DONE],
    thread: { sandboxMode: "workspace-write" },
  },
  "a command that writes where it may not": {
    // One that fails at once may have no item at all, on either transport (facts A19).
    replies: [answer(command("sleep 0.3; echo x > made.txt")), DONE],
    thread: { sandboxMode: "read-only" },
  },
  "a further directory": {
    replies: [answer(command("echo ok")), DONE],
    thread: { sandboxMode: "workspace-write" },
    beside: ["other"],
  },
  "no sandbox mode": {
    replies: [answer(message("Hello"))],
    thread: { sandboxMode: undefined },
  },
  "the network": {
    replies: [answer(message("Hello"))],
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
  "a patch that does not fit": {
    replies: [patched("*** Update File: old.txt\n@@\n-nope\n+new"), DONE],
    files: { "old.txt": "old\n" },
  },
  "a plan": {
    replies: [
      answer(plan(["Look", "Write"])),
      answer(plan([{ step: "Look", status: "completed" }, "Write"])),
      DONE,
    ],
  },
  "a web search": {
    replies: [answer(webSearch("cats"), message("Found"))],
    thread: { webSearchMode: "live" },
  },
  "an MCP tool": {
    replies: [answer(mcpCall("probe", "add", { a: 2, b: 3 })), DONE],
  },
  "an MCP tool that fails": {
    replies: [answer(mcpCall("probe", "fail")), DONE],
  },
  "an MCP tool that would have to be asked for": {
    replies: [answer(mcpCall("probe", "write", { text: "x" })), DONE],
  },
  "a tool that is not there": {
    replies: [answer(functionCall("no_such_tool", {})), DONE],
  },
  "an output schema": {
    replies: [answer(message('{"ok":true}'))],
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
    replies: [answer(message("Hello"))],
    thread: { modelReasoningEffort: "high" },
  },
  "texts and an image": {
    replies: [answer(message("Seen"))],
    parts: [
      { type: "text", text: "And this" },
      { type: "image", image: `data:image/png;base64,${PIXEL}` },
    ],
  },
  "a refused key": {
    replies: [httpError(401, { error: { message: "Incorrect API key" } })],
  },
  "a bad request": {
    replies: [
      httpError(400, { error: { message: "Bad", type: "invalid_request" } }),
    ],
  },
  "no such model": {
    replies: [
      httpError(404, { error: { message: "No", code: "model_not_found" } }),
    ],
  },
  "a limit": {
    replies: [
      httpError(429, { error: { type: "usage_limit_reached", message: "x" } }),
    ],
  },
  "too many requests": { replies: [httpError(429)] },
  "a failure of the service": { replies: [httpError(500)] },
  "an overload": {
    replies: [httpError(503, { error: { code: "server_is_overloaded" } })],
  },
  "a stream that breaks": { replies: [dropped(message("Half"))] },
  "a response that fails": {
    replies: [failedResponse("server_error", "It broke")],
  },
  "a context that is too long": {
    replies: [failedResponse("context_length_exceeded", "Too long")],
  },
  "a failure after a command": {
    replies: [answer(command("echo one")), httpError(400)],
  },
};
