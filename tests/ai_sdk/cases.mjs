/**
 * Uses the AI SDK as a program would, in either version. Runs each case and prints its
 * result as a line of JSON. The scripted model, whose address is in the environment,
 * answers by the prompt; see `model_script.ts`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { Codex } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";
import {
  codexModel,
  readUIMessages,
  toUIMessageResponse,
} from "@acodex/sdk/ai";
import { z } from "zod";

// In a variable, because the project's configurations do not include the package.
const AI = "ai";
const ai = await import(AI);

globalThis.AI_SDK_LOG_WARNINGS = false;

const { clientOptions, threadOptions, image } = JSON.parse(
  process.env.AI_SDK_CASES,
);
const codex = new Codex(clientOptions);
const server = new CodexAppServer(clientOptions);
const model = codexModel(codex, threadOptions);

/** Reads a stream to its end. */
async function collect(stream) {
  const values = [];
  for await (const value of stream) values.push(value);
  return values;
}

/**
 * Sends messages one after the other by `useChat`'s own transport, and returns the
 * chat.
 */
async function chat(fetch, texts) {
  const transport = new ai.DefaultChatTransport({
    api: "http://x/chat",
    fetch,
  });
  const messages = [];
  for (const text of texts) {
    messages.push({
      id: `user-${messages.length}`,
      role: "user",
      parts: [{ type: "text", text }],
    });
    const stream = await transport.sendMessages({
      chatId: "chat",
      messages,
      trigger: "submit-message",
    });
    messages.push((await collect(ai.readUIMessageStream({ stream }))).at(-1));
  }
  await ai.validateUIMessages({ messages });
  return messages;
}

/** A chat as `useChat` keeps it, with the messages in memory instead of in a page. */
class Chat extends ai.AbstractChat {
  constructor({ fetch, ...options }) {
    const state = {
      status: "ready",
      error: undefined,
      messages: [],
      pushMessage(message) {
        this.messages = [...this.messages, message];
      },
      popMessage() {
        this.messages = this.messages.slice(0, -1);
      },
      replaceMessage(index, message) {
        this.messages = this.messages.map((each, at) =>
          at === index ? structuredClone(message) : each
        );
      },
      snapshot: (value) => structuredClone(value),
    };
    const transport = new ai.DefaultChatTransport({
      api: "http://x/chat",
      fetch,
    });
    super({ state, transport, ...options });
  }

  /** Waits until a tool has a state. */
  async tool(state) {
    const find = () =>
      this.lastMessage?.parts.findLast((part) => part.state === state);
    await until(() => this.error ?? find());
    if (this.error) throw this.error;
    await this.isReady();
    return find();
  }

  /** Waits until the last answer has ended with a text, and returns the text. */
  async answer(text) {
    await until(() =>
      this.error ??
        this.lastMessage?.parts.at(-1)?.text?.startsWith(text)
    );
    if (this.error) throw this.error;
    await this.isReady();
    return this.lastMessage.parts.at(-1).text;
  }

  async isReady() {
    await until(() => this.status === "ready");
  }
}

/** Returns a route that answers a chat's requests, each with a new model. */
function route(makeModel, more = {}) {
  return async (_url, { body, signal }) => {
    const { messages } = JSON.parse(body);
    const result = ai.streamText({
      model: makeModel(),
      messages: await ai.convertToModelMessages(messages),
      abortSignal: signal,
      ...more,
    });
    return result.toUIMessageStreamResponse();
  };
}

/** Returns a prompt that makes the scripted model call the tool. */
function call(...articles) {
  const calls = articles.map((article) => ["lookup", { article }]);
  return `Call: ${JSON.stringify(calls)}`;
}

/** Returns a tool of the AI SDK. */
function lookupTool(more) {
  return {
    lookup: ai.tool({
      description: "Looks up the price of an article",
      inputSchema: z.object({ article: z.string() }),
      ...more,
    }),
  };
}

const lookup = lookupTool({
  execute: ({ article }) => {
    if (article === "none") throw new Error("No such article");
    return { article, price: 12 };
  },
});

/** Lets a model continue after tool calls. */
const stopWhen = (ai.isStepCount ?? ai.stepCountIs)(5);

/** Tells whether all parts belong to one thread. */
function isOneThread(parts) {
  const ids = parts.flatMap((part) =>
    part.providerMetadata?.codex.threadId ??
      part.callProviderMetadata?.codex.threadId ?? []
  );
  return ids.length > 1 && new Set(ids).size === 1;
}

/** A turn whose command keeps running and ignores SIGTERM. */
class Hanging {
  #file;

  constructor(name, word = "Hang") {
    this.prompt = `${word}: ${name}`;
    this.#file = `${threadOptions.workingDirectory}/${name}.pid`;
  }

  /** Waits until the command is running. */
  async hasBegun() {
    await until(() => this.#pid() > 0);
  }

  /** Waits until the command has exited, for much less time than it would run. */
  async isGone() {
    await until(() => {
      try {
        process.kill(this.#pid(), 0);
        return false;
      } catch {
        return true;
      }
    });
  }

  #pid() {
    try {
      return Number(readFileSync(this.#file, "utf8"));
    } catch {
      return 0;
    }
  }
}

/**
 * Creates a controller whose signal has a listener before the turn: on Node, that used
 * to hide aborts.
 */
function listenedTo() {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {});
  return controller;
}

/** Waits until a condition holds, for at most a minute. */
async function until(holds) {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("It does not come");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CASES = {
  async "generateText returns text, reasoning, tools and the turn's tokens"() {
    const result = await ai.generateText({ model, prompt: "Work: one" });
    assert.equal(result.text, "I will look.\n\nAll done.");
    assert.equal(result.reasoningText, "Thinking");
    assert.equal(result.finishReason, "stop");
    assert.equal(result.usage.inputTokens, 84);
    assert.equal(result.steps.length, 1);
    const { toolName, output, providerExecuted, dynamic } =
      result.toolResults[0];
    assert.deepEqual(
      { toolName, output, providerExecuted, dynamic },
      {
        toolName: "shell",
        output: { output: "looked\n", exitCode: 3 },
        providerExecuted: true,
        dynamic: true,
      },
    );
    assert.deepEqual(
      result.content.map(({ type }) => type),
      ["reasoning", "text", "tool-call", "tool-result", "text"],
    );
    const { threadId, turnUsage, durationMs } = result.providerMetadata.codex;
    assert.equal(threadId.length, 36);
    assert.equal(turnUsage.input_tokens, 84);
    assert.ok(durationMs > 0);
  },
  async "streamText streams the same"() {
    const result = ai.streamText({ model, prompt: "Work: two" });
    const parts = await collect(result.fullStream);
    const types = parts.map(({ type }) => type);
    assert.ok(types.indexOf("tool-call") < types.indexOf("tool-result"));
    assert.ok(!types.includes("error"));
    assert.equal(await result.text, "I will look.\n\nAll done.");
    assert.equal((await result.usage).inputTokens, 84);
  },
  async "Text from a server is streamed as it is written"() {
    const model = codexModel(server, threadOptions);
    const result = ai.streamText({ model, prompt: "Pieces: now" });
    const texts = await collect(result.textStream);
    assert.equal(texts.join(""), "one two three");
    assert.ok(texts.length > 1, `${texts.length} pieces`);
  },
  async "Optional and default fields of a schema work"() {
    const schema = z.object({
      a: z.string(),
      b: z.number().optional(),
      c: z.string().default("unset"),
    });
    const { output } = await ai.generateText({
      model,
      prompt: 'JSON: {"a":"x","b":null,"c":null}',
      output: ai.Output.object({ schema }),
    });
    assert.deepEqual(output, { a: "x", c: "unset" });
  },
  async "Output.array and generateObject work"() {
    const { output } = await ai.generateText({
      model,
      prompt: 'JSON: {"elements":[{"n":1},{"n":2}]}',
      output: ai.Output.array({ element: z.object({ n: z.number() }) }),
    });
    assert.deepEqual(output, [{ n: 1 }, { n: 2 }]);
    const { object } = await ai.generateObject({
      model,
      prompt: 'JSON: {"n":3}',
      schema: z.object({ n: z.number() }),
    });
    assert.deepEqual(object, { n: 3 });
  },
  async "Messages before the answer are not part of an answer with a schema"() {
    const { output } = await ai.generateText({
      model,
      prompt: 'Work, then JSON: {"n":4}',
      output: ai.Output.object({ schema: z.object({ n: z.number() }) }),
    });
    assert.deepEqual(output, { n: 4 });
  },
  async "The AI SDK rejects an answer that is not JSON"() {
    await assert.rejects(
      ai.generateText({
        model,
        prompt: "JSON: no",
        output: ai.Output.object({ schema: z.object({ n: z.number() }) }),
      }).then(({ output }) => output),
      (error) => ai.NoObjectGeneratedError.isInstance(error),
    );
  },
  async "ToolLoopAgent runs a turn"() {
    const agent = new ai.ToolLoopAgent({ model, instructions: "Be brief." });
    const { text, steps } = await agent.generate({ prompt: "Work: three" });
    assert.equal(text, "I will look.\n\nAll done.");
    assert.equal(steps.length, 1);
  },
  async "Images and text files are sent"() {
    const data = new Uint8Array(image);
    const { text } = await ai.generateText({
      model,
      messages: [{
        role: "user",
        content: [
          { type: "text", text: "Images: how many?" },
          { type: "image", image: data },
          { type: "file", data, mediaType: "image/png" },
          {
            type: "file",
            data: new TextEncoder().encode("of a text"),
            mediaType: "text/plain",
            filename: "a.txt",
          },
        ],
      }],
    });
    assert.equal(text, "2 images; File a.txt:\nof a text");
  },
  async "Options without an effect cause a warning"() {
    const { warnings } = await ai.generateText({
      model,
      prompt: "Say: warned",
      temperature: 0.5,
      seed: 1,
      tools: {
        own: ai.tool({ inputSchema: z.object({}), execute: () => "" }),
      },
    });
    assert.deepEqual(
      warnings.map(({ feature }) => feature).sort(),
      ["seed", "temperature", "tools"],
    );
  },
  async "A failed turn has its reason, and is not retried"() {
    const message = "Fail: 401";
    await assert.rejects(
      ai.generateText({ model, prompt: message }),
      (error) => {
        assert.equal(error.reason, "unauthorized");
        assert.ok(!ai.APICallError.isInstance(error));
        return true;
      },
    );
    const errors = [];
    const result = ai.streamText({
      model,
      prompt: message,
      onError: ({ error }) => errors.push(error.reason),
    });
    await collect(result.fullStream);
    assert.deepEqual(errors, ["unauthorized"]);
    assert.equal(await result.finishReason, "error");
  },
  async "The messages of a chat continue one thread, each with only the new input"() {
    const usages = [];
    const messages = await chat(async (_url, { body }) => {
      const { messages } = JSON.parse(body);
      return ai.streamText({
        model,
        messages: await ai.convertToModelMessages(messages),
        onFinish: ({ usage }) => usages.push(usage.inputTokens),
      }).toUIMessageStreamResponse();
    }, ["Echo: first", "Echo: second", "Echo: third"]);
    assert.deepEqual(
      messages.filter(({ role }) => role === "assistant").map(({ parts }) =>
        parts.at(-1).text
      ),
      ["Echo: first", "Echo: second", "Echo: third"],
    );
    const ids = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => part.providerMetadata?.codex.threadId ?? [])
    );
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(usages, [10, 10, 10]);
  },
  async "So do those of a route without the AI SDK"() {
    for (const client of [codex, server]) {
      const messages = await chat(async (_url, { body, signal }) => {
        const { input, threadId } = readUIMessages(JSON.parse(body).messages);
        const thread = threadId === undefined
          ? client.startThread(threadOptions)
          : client.resumeThread(threadId, threadOptions);
        return toUIMessageResponse(await thread.runStreamed(input, { signal }));
      }, ["Work: four", "Echo: second", "Echo: third"]);
      const [first, second, third] = messages
        .filter(({ role }) => role === "assistant");
      const shell = first.parts.find(({ type }) => type === "dynamic-tool");
      assert.equal(shell.state, "output-available");
      assert.deepEqual(shell.output, { output: "looked\n", exitCode: 3 });
      assert.equal(second.parts.at(-1).text, "Echo: second");
      assert.equal(second.metadata.threadId, first.metadata.threadId);
      assert.equal(third.metadata.threadId, first.metadata.threadId);
    }
  },
  async "A failed turn shows a neutral sentence"() {
    const errors = [];
    const transport = new ai.DefaultChatTransport({
      api: "http://x/chat",
      fetch: async () =>
        toUIMessageResponse(
          await codex.startThread(threadOptions).runStreamed("Fail: 401"),
        ),
    });
    const stream = await transport.sendMessages({ messages: [] });
    await collect(
      ai.readUIMessageStream({
        stream,
        onError: (error) => errors.push(error),
      }),
    );
    assert.deepEqual(errors.map(({ message }) => message), [
      "The agent could not complete its turn.",
    ]);
  },
  async "An abort of streamText ends the turn"() {
    for (const [name, client] of Object.entries({ codex, server })) {
      const controller = listenedTo();
      const hanging = new Hanging(`abort-${name}`);
      const aborts = [];
      const result = ai.streamText({
        model: codexModel(client, threadOptions),
        prompt: hanging.prompt,
        abortSignal: controller.signal,
        onAbort: () => aborts.push(name),
      });
      const reading = collect(result.fullStream);
      await hanging.hasBegun();
      controller.abort();
      await hanging.isGone();
      assert.equal((await reading).at(-1).type, "abort");
      assert.deepEqual(aborts, [name]);
    }
  },
  async "An abort of generateText is an AbortError"() {
    const controller = listenedTo();
    const hanging = new Hanging("generate");
    const generating = assert.rejects(
      ai.generateText({
        model,
        prompt: hanging.prompt,
        abortSignal: controller.signal,
      }),
      { name: "AbortError" },
    );
    await hanging.hasBegun();
    controller.abort();
    await hanging.isGone();
    await generating;
  },
  async "Cancelling a route's response ends the turn"() {
    for (const [name, client] of Object.entries({ codex, server })) {
      const hanging = new Hanging(`route-${name}`);
      const thread = client.startThread(threadOptions);
      const response = toUIMessageResponse(
        await thread.runStreamed(hanging.prompt),
      );
      const reader = response.body.getReader();
      await reader.read();
      const reading = collect({
        [Symbol.asyncIterator]: () => ({ next: () => reader.read() }),
      });
      await hanging.hasBegun();
      const cancelling = reader.cancel();
      await hanging.isGone();
      await cancelling;
      await reading;
    }
  },
  async "The AI SDK's own tools are called, and the turn continues"() {
    const model = codexModel(codex, { ...threadOptions, tools: "bridge" });
    const prompt = call("7", "8", "none");
    const options = { model, prompt, tools: lookup, stopWhen };
    // Version 7 also reports the name of an error.
    const got =
      /^Got {"article":"7","price":12}, {"article":"8","price":12}, (Error: )?No such article$/;
    const result = await ai.generateText(options);
    assert.match(result.text, got);
    assert.deepEqual(result.warnings ?? [], []);
    const streamed = ai.streamText(options);
    const parts = await collect(streamed.fullStream);
    assert.match(await streamed.text, got);
    assert.ok(!parts.some(({ type }) => type === "error"));
    const agent = new ai.ToolLoopAgent({ model, tools: lookup });
    const looped = await agent.generate({ prompt });
    assert.match(looped.text, got);
    for (const each of [result, looped, streamed]) {
      const steps = await each.steps;
      assert.equal(steps[0].text, "I will ask.");
      // On a busy host, the calls may arrive in several steps.
      assert.deepEqual(
        new Set(steps.slice(0, -1).map(({ finishReason }) => finishReason)),
        new Set(["tool-calls"]),
      );
      assert.equal(steps.flatMap(({ toolCalls }) => toolCalls).length, 3);
      assert.equal(steps.flatMap(({ toolResults }) => toolResults).length, 2);
      // The usage is known only in the last step, so the sum over the steps counts
      // nothing twice.
      assert.equal((await each.totalUsage).inputTokens, 84);
      assert.equal(steps.at(-1).usage.inputTokens, 84);
      assert.equal(steps.at(-1).finishReason, "stop");
    }
  },
  async "A chat continues with the result of a tool in its page"() {
    // Each request may have its own client.
    for (const makeClient of [() => new Codex(clientOptions), () => server]) {
      const results = [];
      const chat = new Chat({
        fetch: route(
          () =>
            codexModel(makeClient(), {
              ...threadOptions,
              tools: "bridge",
            }),
          { tools: lookupTool({}) },
        ),
        sendAutomaticallyWhen: ai.lastAssistantMessageIsCompleteWithToolCalls,
        onToolCall: ({ toolCall }) => {
          results.push(toolCall.input.article);
          chat.addToolOutput({
            tool: toolCall.toolName,
            toolCallId: toolCall.toolCallId,
            output: `of ${toolCall.input.article}`,
          });
        },
      });
      await chat.sendMessage({ text: call("7", "8") });
      assert.equal(await chat.answer("Got"), "Got of 7, of 8");
      assert.deepEqual(results.sort(), ["7", "8"]);
      assert.ok(isOneThread(chat.lastMessage.parts));
      await chat.sendMessage({ text: "Echo: and now" });
      assert.equal(await chat.answer("Echo"), "Echo: and now");
      const [, first, , second] = chat.messages;
      assert.ok(isOneThread([...first.parts, ...second.parts]));
      await ai.validateUIMessages({ messages: chat.messages });
    }
  },
  async "A user approves or denies a tool"() {
    for (const approved of [true, false]) {
      const chat = new Chat({
        fetch: route(
          () => codexModel(codex, { ...threadOptions, tools: "bridge" }),
          {
            tools: lookupTool({ needsApproval: true, execute: () => "12" }),
            stopWhen,
          },
        ),
        sendAutomaticallyWhen:
          ai.lastAssistantMessageIsCompleteWithApprovalResponses,
      });
      await chat.sendMessage({ text: call("7") });
      const { approval } = await chat.tool("approval-requested");
      await chat.addToolApprovalResponse({
        id: approval.id,
        approved,
        reason: "too dear",
      });
      assert.match(
        await chat.answer("Got"),
        approved ? /^Got 12$/ : /^Got The user denied this call: too dear$/,
      );
    }
  },
  async "The agent's approval requests are shown as buttons of a chat"() {
    for (const approved of [true, false]) {
      const file = `${threadOptions.workingDirectory}/allowed-${approved}`;
      const chat = new Chat({
        fetch: route(() =>
          codexModel(server, {
            ...threadOptions,
            sandboxMode: "read-only",
            approvals: "bridge",
          })
        ),
        sendAutomaticallyWhen:
          ai.lastAssistantMessageIsCompleteWithApprovalResponses,
      });
      await chat.sendMessage({ text: `Ask: echo made > ${file}` });
      const asked = await chat.tool("approval-requested");
      assert.equal(asked.toolName, "shell");
      assert.ok(asked.input.command.includes(file));
      assert.ok(!existsSync(file));
      await chat.addToolApprovalResponse({ id: asked.approval.id, approved });
      await chat.answer("Got");
      assert.equal(existsSync(file), approved);
      const { state } = chat.lastMessage.parts.find(({ toolCallId }) =>
        toolCallId === asked.toolCallId
      );
      assert.equal(state, approved ? "output-available" : "output-denied");
      assert.ok(isOneThread(chat.lastMessage.parts));
      await ai.validateUIMessages({ messages: chat.messages });
      // The decision is now part of the history.
      await chat.sendMessage({ text: "Echo: and now" });
      assert.equal(await chat.answer("Echo"), "Echo: and now");
    }
  },
  async "A program answers the agent's approval requests"() {
    for (const approved of [true, false]) {
      const file = `${threadOptions.workingDirectory}/answered-${approved}`;
      const model = codexModel(server, {
        ...threadOptions,
        sandboxMode: "read-only",
        approvals: "bridge",
      });
      const messages = [
        { role: "user", content: `Ask: echo made > ${file}` },
      ];
      const first = await ai.generateText({ model, messages });
      assert.equal(first.finishReason, "tool-calls");
      const request = first.content.find(({ type }) =>
        type === "tool-approval-request"
      );
      const { reason } =
        first.providerMetadata.codex.approvals[request.approvalId];
      assert.equal(reason, "It has to be");
      messages.push(...first.response.messages, {
        role: "tool",
        content: [{
          type: "tool-approval-response",
          approvalId: request.approvalId,
          approved,
          providerExecuted: true,
        }],
      });
      const second = await ai.generateText({ model, messages });
      assert.match(second.text, /^Got/);
      assert.equal(existsSync(file), approved);
      assert.equal(second.totalUsage.inputTokens, 84);
    }
  },
  async "An abort ends the turn in a later step and between steps"() {
    const model = codexModel(codex, { ...threadOptions, tools: "bridge" });
    const controller = listenedTo();
    const hanging = new Hanging("later", "Call, then hang");
    const generating = assert.rejects(
      ai.generateText({
        model,
        prompt: hanging.prompt,
        tools: lookup,
        stopWhen,
        abortSignal: controller.signal,
      }),
      { name: "AbortError" },
    );
    await hanging.hasBegun();
    controller.abort();
    await hanging.isGone();
    await generating;
    const other = listenedTo();
    const { content } = await ai.generateText({
      model,
      prompt: call("7"),
      tools: lookup,
      abortSignal: other.signal,
    });
    assert.ok(content.some(({ type }) => type === "tool-call"));
    // The end of all cases asserts that nothing of it is left.
    other.abort();
  },
  async "A missing thread is an error, or is restarted"() {
    const threadId = "01a00000-0000-7000-8000-000000000000";
    const messages = [
      { role: "user", content: "Echo: before" },
      {
        role: "assistant",
        content: [{
          type: "text",
          text: "It was said",
          providerOptions: { codex: { threadId } },
        }],
      },
      { role: "user", content: "Echo: after" },
    ];
    await assert.rejects(
      ai.generateText({ model, messages }),
      ({ code }) => code === "thread_not_found",
    );
    for (const client of [codex, server]) {
      const restarting = codexModel(client, {
        ...threadOptions,
        onMissingThread: "restart",
      });
      const { text } = await ai.generateText({ model: restarting, messages });
      assert.equal(
        text,
        "User: Echo: before\n\nAssistant: It was said\n\nUser: Echo: after",
      );
    }
  },
};

/** The number of cases that run at the same time; most of them wait for the CLI. */
const AT_ONCE = 4;

const cases = Object.entries(CASES);

/** Runs cases one after the other until none is left. */
async function runCases() {
  for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
    const [name, run] = next;
    let problem;
    try {
      await run();
    } catch (error) {
      problem = error?.stack ?? String(error);
    }
    process.stdout.write(`${JSON.stringify({ name, problem })}\n`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, runCases));
await server.close();
