/**
 * The compiler's word that both versions of the AI SDK take the model, and their readers
 * the chunks: the package has types of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import {
  AI_SDKS,
  type AiSdk,
  makeAiProject,
} from "../../scripts/npm/ai_packages.ts";
import { installLocked } from "../../scripts/npm/tools.ts";
import { succeed } from "../../scripts/run.ts";

const PROGRAM = `
import { Codex } from "@acodex/sdk";
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
];
for (const model of models) {
  const taken: LanguageModel = model;
  await generateText({ model, prompt: "Hi" });
  streamText({ model: taken, prompt: "Hi" });
  await generateObject({ model, prompt: "Hi", schema: z.object({}) });
  new ToolLoopAgent({ model });
  wrapLanguageModel({ model, middleware: { specificationVersion: "v3" } as never });
}
// @ts-expect-error Only a server takes a handler.
codexModel(codex, { onApproval: () => "decline" });
// @ts-expect-error It is no option of anything.
codexModel(server, { unknown: true });

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

for (const version of Object.keys(AI_SDKS) as AiSdk[]) {
  Deno.test(`The types of ${version} take those of the package`, async () => {
    const project = await makeAiProject(version, "tests/ai_sdk");
    const checkers = await installLocked("checkers");
    const folder = await Deno.makeTempDir({
      dir: fileURLToPath(project),
      prefix: "types-",
    });
    try {
      await Deno.writeTextFile(`${folder}/program.mts`, PROGRAM);
      await succeed("node", [
        `${checkers}/node_modules/typescript-7.0/bin/tsc`,
        ..."--noEmit --strict --target es2022 --module nodenext".split(" "),
        ..."--lib esnext,dom,dom.asynciterable --skipLibCheck".split(" "),
        "program.mts",
      ], { cwd: folder });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
