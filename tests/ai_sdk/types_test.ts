/**
 * Checks by the compiler that both versions of the AI SDK accept the model, and their
 * readers the chunks, since the package has its own types for them.
 *
 * @module
 */

import { makeAiProject } from "../../scripts/npm/ai_packages.ts";
import { assertCompiles } from "../support/compiles.ts";

const PROGRAM = `
import { Codex, tool } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";
import {
  codexModel,
  readUIMessages,
  toUIMessageResponse,
  toUIMessageStream,
} from "@acodex/sdk/ai";
import {
  createUIMessageStreamResponse,
  generateObject,
  generateText,
  type LanguageModel,
  readUIMessageStream,
  streamText,
  ToolLoopAgent,
  type UIMessage,
  type UIMessageChunk,
  wrapLanguageModel,
} from "ai";
import { z } from "zod";

const codex = new Codex();
const server = new CodexAppServer();
export const models = [
  codexModel(codex, { sandboxMode: "read-only", toolParts: "hidden" }),
  codexModel(server, { onApproval: () => "decline", timeoutMs: 1000 }),
  codexModel(codex, { tools: "bridge", nextStepTimeoutMs: 1000 }),
  codexModel(codex, { tools: [tool({
    name: "own",
    description: "Is the program's own",
    input: z.object({}),
    run: () => "",
  })] }),
  codexModel(server, { tools: "bridge", approvals: "bridge" }),
];
for (const model of models) {
  const taken: LanguageModel = model;
  await generateText({ model, prompt: "Hi" });
  streamText({ model: taken, prompt: "Hi" });
  await generateObject({ model, prompt: "Hi", schema: z.object({}) });
  new ToolLoopAgent({ model });
  wrapLanguageModel({ model, middleware: { specificationVersion: "v3" } as never });
}
// @ts-expect-error Only a server accepts a handler.
codexModel(codex, { onApproval: () => "decline" });
// @ts-expect-error The option does not exist.
codexModel(server, { unknown: true });
// @ts-expect-error The value does not exist.
codexModel(codex, { tools: "on" });

const messages: UIMessage[] = [];
const { input, threadId } = readUIMessages(messages);
const thread = threadId === undefined
  ? codex.startThread()
  : server.resumeThread(threadId);
export const response: Response = toUIMessageResponse(
  await thread.runStreamed(input),
  { headers: { "x-own": "1" }, onError: (error) => error.code },
);
const pieces = await server.startThread().runStreamed(input, { deltas: true });
const stream: ReadableStream<UIMessageChunk> = toUIMessageStream(pieces);
readUIMessageStream({ stream });
createUIMessageStreamResponse({ stream });
`;

for (const version of ["ai6", "ai7"] as const) {
  Deno.test(`The types of ${version} accept those of the package`, async () => {
    await assertCompiles(
      await makeAiProject(version, { "program.mts": PROGRAM }),
      [
        "program.mts",
      ],
    );
  });
}
