/**
 * A program of a user of the AI SDK, of either version: each case is run, and what came of
 * it is printed as a line of JSON. The scripted model, which the program's environment
 * leads to, answers by the prompt; see `model_script.ts`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { Codex } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";
import {
  codexModel,
  readUIMessages,
  toUIMessageResponse,
} from "@acodex/sdk/ai";
import { z } from "zod";

// In a variable: no configuration of the project has the package.
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

/** Has a chat of `useChat`'s own transport answer messages, one after the other. */
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

/** A turn whose command lasts, and ignores what it can. */
class Hanging {
  #file;

  constructor(name) {
    this.prompt = `Hang: ${name}`;
    this.#file = `${threadOptions.workingDirectory}/${name}.pid`;
  }

  /** Waits until the command runs. */
  async hasBegun() {
    await until(() => this.#pid() > 0);
  }

  /** Waits until the command is gone, for much less time than it lasts. */
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

/** Makes a controller whose signal somebody listens to before the turn: on Node that hid aborts. */
function listenedTo() {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {});
  return controller;
}

/** Waits until something holds, for a minute at most. */
async function until(holds) {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("It does not come");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CASES = {
  async "generateText gives text, reasoning, tools and the turn's tokens"() {
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
  async "Text of a server comes as it is written"() {
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
  async "What is said on the way is no part of an answer by a schema"() {
    const { output } = await ai.generateText({
      model,
      prompt: 'Work, then JSON: {"n":4}',
      output: ai.Output.object({ schema: z.object({ n: z.number() }) }),
    });
    assert.deepEqual(output, { n: 4 });
  },
  async "An answer that is no JSON is for the AI SDK to judge"() {
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
  async "Images and files of text are sent"() {
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
  async "What has no meaning is a warning"() {
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
  async "A failed turn has its reason, and is not run again"() {
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
  async "Messages of a chat are one thread, with what is new"() {
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
  async "So are those of a route without the AI SDK"() {
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
  async "A client that leaves a route ends the turn"() {
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
  async "A thread that is missing is an error, or begun anew"() {
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

/** How many cases run at the same time: most wait for the CLI most of the time. */
const AT_ONCE = 4;

const cases = Object.entries(CASES);

/** Runs one case after the other, until none is left. */
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
