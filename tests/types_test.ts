/**
 * Compiles code over the public types. Most of it never runs: a test here fails because
 * it does not compile, or because of an unused `@ts-expect-error`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import {
  type ClientTool,
  Codex,
  type CodexConfigObject,
  type CodexErrorCode,
  type JsonObject,
  type KnownThreadItem,
  type Thread,
  type ThreadEvent,
  type ThreadItem,
  tool,
  type ToolContext,
  type Turn,
  type Usage,
} from "../mod.ts";
import type { parseThreadEvent, reduceTurn, TurnState } from "../streams.ts";
import { CancelFlag, CodexSync } from "../sync.ts";

/** `true` if two types are identical. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only if the types are identical. */
function same<A, B>(proof: Same<A, B>): void {
  assertEquals(proof, true);
}

/** Compiles a function without running it. */
function compiles(_code: (thread: Thread, turn: Turn) => unknown): void {}

const Answer = z.object({ n: z.number(), tags: z.array(z.string()) });
interface Answer {
  n: number;
  tags: string[];
}

Deno.test("the type of structuredResponse is the type that outputType decodes", () => {
  compiles(async (thread) => {
    const turn = await thread.run("?", { outputType: Answer });
    same<typeof turn.structuredResponse, Answer>(true);
    const streamed = await thread.runStreamed("?", { outputType: Answer });
    same<typeof streamed.result.structuredResponse, Answer>(true);
    // @ts-expect-error The answer has no such field.
    turn.structuredResponse.missing;
  });
  compiles(async (thread) => {
    const small = mini.object({ n: mini.nullable(mini.number()) });
    const turn = await thread.run("?", { outputType: small });
    same<typeof turn.structuredResponse, { n: number | null }>(true);
  });
  compiles(async (thread) => {
    const count = z.object({ n: z.string().transform(Number) });
    const turn = await thread.run("?", { outputType: count });
    same<typeof turn.structuredResponse, { n: number }>(true);
  });
});

Deno.test("the type of structuredResponse is unknown without an outputType", () => {
  compiles(async (thread) => {
    const free = await thread.run("?");
    const shaped = await thread.run("?", { outputSchema: { type: "object" } });
    same<typeof free.structuredResponse, unknown>(true);
    same<typeof shaped.structuredResponse, unknown>(true);
    // @ts-expect-error The type of the answer is unknown.
    shaped.structuredResponse.n;
  });
});

Deno.test("outputType rejects JSON Schemas and classes", () => {
  compiles(async (thread) => {
    // @ts-expect-error A JSON Schema belongs in outputSchema.
    await thread.run("?", { outputType: { type: "object" } });
    // @ts-expect-error A class is not a schema either.
    await thread.run("?", { outputType: Date });
  });
});

Deno.test("outputSchema accepts a value of any type, as the official SDK does", () => {
  compiles(async (thread) => {
    const schema: unknown = JSON.parse("{}");
    await thread.run("?", { outputSchema: schema });
  });
});

Deno.test("ThreadEvent narrows on type", () => {
  compiles(() => {
    const event = {} as ThreadEvent;
    switch (event.type) {
      case "thread.started":
        return same<typeof event.thread_id, string>(true);
      case "turn.completed":
        return same<typeof event.usage, Usage>(true);
      case "turn.failed":
        return same<typeof event.error.message, string>(true);
      case "error":
        return same<typeof event.message, string>(true);
      case "item.started":
      case "item.updated":
      case "item.completed":
        return same<typeof event.item, ThreadItem>(true);
      case "turn.started":
        // @ts-expect-error The event has no other fields.
        return event.usage;
      case "unknown":
        return same<typeof event.raw, JsonObject>(true);
      case "attempt.started":
        return same<typeof event.attempt, number>(true);
      default:
        return same<typeof event, never>(true);
    }
  });
});

Deno.test("ThreadItem narrows on type", () => {
  compiles(() => {
    const item = {} as ThreadItem;
    switch (item.type) {
      case "agent_message":
      case "reasoning":
        return same<typeof item.text, string>(true);
      case "command_execution":
        return same<typeof item.exit_code, number | null | undefined>(true);
      case "file_change":
        return same<
          typeof item.changes[number]["kind"],
          "add" | "delete" | "update"
        >(true);
      case "mcp_tool_call":
        return same<typeof item.arguments, unknown>(true);
      case "collab_tool_call":
        return same<typeof item.receiver_thread_ids, string[]>(true);
      case "web_search":
        return same<typeof item.query, string>(true);
      case "todo_list":
        return item.items.every((step) => step.completed);
      case "error":
        return same<typeof item.message, string>(true);
      case "unknown":
        // @ts-expect-error The content of an unknown item is in raw.
        return item.text;
      default:
        return same<typeof item, never>(true);
    }
  });
});

Deno.test("an unknown kind has no event type and no item type", () => {
  compiles(() => {
    const event = {} as ThreadEvent;
    const item = {} as KnownThreadItem;
    // @ts-expect-error This event does not exist.
    const isAborted = event.type === "turn.aborted";
    // @ts-expect-error This item does not exist.
    return isAborted || item.type === "unknown";
  });
});

Deno.test("iterating a streamed turn yields its events", () => {
  compiles(async (thread) => {
    const streamed = await thread.runStreamed("?");
    for await (const event of streamed) same<typeof event, ThreadEvent>(true);
  });
});

Deno.test("invalid inputs and options do not compile", () => {
  compiles(async (thread) => {
    // @ts-expect-error This kind of input does not exist.
    await thread.run([{ type: "image", url: "https://example.com/a.png" }]);
    // @ts-expect-error A number is not a prompt.
    await thread.run(1);
    // @ts-expect-error Misspelt.
    await thread.run("?", { outputScheme: {} });
    // @ts-expect-error This sandbox does not exist.
    new Codex().startThread({ sandboxMode: "none" });
    // @ts-expect-error A thread is resumed by its id.
    new Codex().resumeThread();
  });
});

Deno.test("a turn accepts the six thread options that it may override, and no others", () => {
  compiles(async (thread) => {
    await thread.run("?", {
      model: "m",
      modelReasoningEffort: "high",
      sandboxMode: "read-only",
      approvalPolicy: "never",
      webSearchMode: "live",
      networkAccessEnabled: true,
    });
    new CodexSync().startThread().run("?", { sandboxMode: "read-only" });
    // @ts-expect-error This sandbox does not exist.
    await thread.run("?", { sandboxMode: "none" });
    // @ts-expect-error A thread works in one folder only.
    await thread.run("?", { workingDirectory: "." });
    // @ts-expect-error Only a whole thread can be ephemeral.
    await thread.run("?", { ephemeral: true });
  });
});

Deno.test("config has types for common settings, and accepts any others", () => {
  compiles(() => {
    const open: CodexConfigObject = {};
    const widened = { sandbox_mode: "read-only", features: { a: true } };
    new Codex({ config: open });
    new Codex({ config: widened });
    new Codex({ config: { anything: { else: [1, { a: true }] } } });
    new Codex({
      config: {
        model: "m",
        model_providers: { mine: { base_url: "http://x", env_key: "KEY" } },
        mcp_servers: { docs: { command: "docs", args: ["-v"], more: 1 } },
        sandbox_workspace_write: { writable_roots: ["/a"] },
        shell_environment_policy: { inherit: "core", set: { A: "1" } },
        features: { multi_agent: true, other: { max: 2 } },
      },
    });
    // @ts-expect-error A model is a string.
    new Codex({ config: { model: 1 } });
    // @ts-expect-error A command is a string.
    new Codex({ config: { mcp_servers: { docs: { command: ["docs"] } } } });
    // @ts-expect-error It is a boolean.
    new Codex({ config: { sandbox_workspace_write: { network_access: "y" } } });
    // @ts-expect-error Variables are strings.
    new Codex({ config: { shell_environment_policy: { set: { A: 1 } } } });
    // @ts-expect-error A feature is a boolean.
    return new Codex({ config: { features: { a: "on" } } });
  });
});

Deno.test("a key is a string, or a function that returns one", () => {
  compiles(() => {
    new Codex({ apiKey: () => "key" });
    new Codex({ apiKey: async () => await Promise.resolve("key") });
    // @ts-expect-error The function returns a string.
    new Codex({ apiKey: () => 1 });
    // @ts-expect-error A feature is a boolean.
    return new Codex({ features: { a: "on" } });
  });
});

Deno.test("states, error codes and a thread's id are read-only", () => {
  compiles((thread) => {
    const state = {} as TurnState;
    // @ts-expect-error A state is read-only.
    state.status = "completed";
    // @ts-expect-error So is its list of items.
    state.items.push();
    // @ts-expect-error The CLI assigns the id.
    thread.id = "a";
    // @ts-expect-error The codes are a closed list.
    const code: CodexErrorCode = "no_such_code";
    return code;
  });
});

Deno.test("parseThreadEvent and reduceTurn convert JSON to events and states", () => {
  same<ReturnType<typeof parseThreadEvent>, ThreadEvent>(true);
  same<Parameters<typeof parseThreadEvent>[0], JsonObject>(true);
  same<Parameters<typeof reduceTurn>, [state: TurnState, event: ThreadEvent]>(
    true,
  );
  same<ReturnType<typeof reduceTurn>, TurnState>(true);
});

Deno.test("the blocking client has the same types, without promises", () => {
  compiles(() => {
    const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
    same<typeof thread.id, string | null>(true);
    const turn = thread.run("?", { outputType: Answer });
    same<typeof turn, Turn<Answer>>(true);
    same<typeof turn.structuredResponse, Answer>(true);
    using streamed = thread.runStreamed("?", { outputType: Answer });
    for (const event of streamed.events) same<typeof event, ThreadEvent>(true);
    const events: Iterable<ThreadEvent> = streamed.events;
    same<typeof streamed.result, Turn<Answer>>(true);
    const signal = CancelFlag.fromSignal(new AbortController().signal);
    thread.run([{ type: "image", image: new Uint8Array() }], { signal });
    // @ts-expect-error A signal cannot abort while its thread is blocked.
    thread.run("?", { signal: AbortSignal.timeout(1) });
    // @ts-expect-error A Blob can only be read asynchronously.
    thread.run([{ type: "image", image: new Blob() }]);
    // @ts-expect-error Misspelt.
    thread.run("?", { timeout: 1 });
    return events;
  });
});

Deno.test("run of a tool accepts the decoded input", () => {
  compiles(() => {
    const run = (text: string): string => text;
    tool({
      name: "a",
      description: "b",
      input: z.object({ n: z.string().transform(Number) }),
      run(input, context) {
        same<typeof input, { n: number }>(true);
        same<typeof context, ToolContext>(true);
        return { n: input.n };
      },
    });
    tool({
      name: "a",
      description: "b",
      input: mini.object({ n: mini.optional(mini.number()) }),
      run: ({ n }) => (same<typeof n, number | undefined>(true), run("")),
    });
    tool({
      name: "a",
      description: "b",
      input: toStandardJsonSchema(v.object({ n: v.number() })),
      run: ({ n }) => (same<typeof n, number>(true), Promise.resolve("")),
    });
    tool({
      name: "a",
      description: "b",
      input: type({ n: "number" }),
      run: ({ n }) => (same<typeof n, number>(true), []),
    });
    const made = tool({
      name: "a",
      description: "b",
      input: { schema: { type: "object" }, parse: (): Date => new Date() },
      run: (input) => (same<typeof input, Date>(true), [
        { type: "text", text: "" },
        { type: "image", image: new Uint8Array() },
      ]),
    });
    same<typeof made, ClientTool>(true);
    // @ts-expect-error A tool must return a result.
    tool({ name: "a", description: "b", input: Answer, run: () => {} });
    tool({
      name: "a",
      description: "b",
      input: Answer,
      // @ts-expect-error The input does not have this field.
      run: ({ missing }) => missing,
    });
    new Codex({ tools: [made] }).startThread({ tools: [made] })
      .run("?", { tools: [made], toolTimeoutMs: 1 });
    // @ts-expect-error A blocked thread cannot run functions.
    new CodexSync().startThread().run("?", { tools: [made] });
  });
});

Deno.test("config accepts any settings, and has types for the approval of MCP tools", () => {
  compiles(() => {
    const mode = "approve";
    const settings = {
      mcp_servers: { files: { command: "files", tools: { a: {} } } },
    };
    const widened = { default_tools_approval_mode: String(mode) };
    const untyped: CodexConfigObject = {};
    new Codex({ config: settings });
    new Codex({ config: { mcp_servers: { files: widened } } });
    new Codex({ config: untyped });
    new Codex({
      config: {
        mcp_servers: {
          files: {
            default_tools_approval_mode: mode,
            tools: { write: { approval_mode: "prompt", other: [1] } },
          },
          // @ts-expect-error A mode is a string.
          broken: { default_tools_approval_mode: true },
        },
      },
    });
  });
});
