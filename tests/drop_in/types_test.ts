/**
 * Checks by the compiler that programs for the official SDK compile with this package.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  officialExports,
  typeDifferences,
} from "../../scripts/drift/official.ts";
import { compile } from "../../scripts/npm/compile.ts";
import { makeUser, OFFICIAL_SDK } from "../../scripts/npm/official_sdk.ts";
import { assertCompiles } from "../support/compiles.ts";
import { USERS } from "./support.ts";

// Not `.mts`, because its imports belong to another project.
const PROGRAM = await Deno.readTextFile(
  new URL("program.mts.txt", import.meta.url),
);

for (const user of USERS) {
  Deno.test(`A program that uses all of the official SDK's types compiles, with ${user}`, async () => {
    await assertCompiles(await makeUser(user, { "program.mts": PROGRAM }), [
      "program.mts",
    ]);
  });
}

Deno.test("Types that a program passes are accepted, and types that it gets may have more members", async () => {
  const names = await officialExports(OFFICIAL_SDK);
  assertEquals(await typeDifferences(names, OFFICIAL_SDK), {
    given: [],
    // Each is a row of docs/differences.md.
    handedOut: [
      "CodexOptions",
      "CommandExecutionItem",
      "FileChangeItem",
      "Input",
      "ItemCompletedEvent",
      "ItemStartedEvent",
      "ItemUpdatedEvent",
      "McpToolCallItem",
      "RunResult",
      "RunStreamedResult",
      "ThreadEvent",
      "ThreadItem",
      "UserInput",
    ],
  });
});

/** Returns an exhaustive switch over all events, with further cases. */
function exhaustive(more: string): string {
  return `
import type { ThreadEvent, ThreadItem } from "@openai/codex-sdk";
export function kind(event: ThreadEvent): string {
  switch (event.type) {
    case "thread.started":
    case "turn.started":
    case "turn.completed":
    case "turn.failed":
    case "item.started":
    case "item.updated":
    case "item.completed":
    case "error":
      return event.type;
${more}
    default: {
      const none: never = event;
      return none;
    }
  }
}
`;
}

Deno.test("A switch that is exhaustive for the official SDK's events lacks two kinds here", async () => {
  const [before, after] = [
    exhaustive(""),
    exhaustive(`
    case "unknown":
    case "attempt.started":
      return "";`),
  ];
  const name = "switch.mts";
  await assertCompiles(await makeUser("official", { [name]: before }), [
    name,
  ]);
  const ours = await makeUser("ours", { [name]: before });
  const { code, stdout } = await compile(ours, [name]);
  assertEquals([code !== 0, stdout.match(/ error /g)?.length], [true, 1]);
  await assertCompiles(await makeUser("ours", { [name]: after }), [name]);
});

Deno.test("A mocked result can be cast to Turn", async () => {
  const name = "mock.mts";
  const program = await makeUser("ours", {
    [name]: `
import type { RunResult, Thread, Turn } from "@openai/codex-sdk";
const result: RunResult = { items: [], finalResponse: "Hi", usage: null };
export const run: Thread["run"] = () => Promise.resolve(result as Turn<never>);
`,
  });
  await assertCompiles(program, [name]);
});

// The strictest configuration of TypeScript tells an option that is undefined from one that is
// left out.
Deno.test("Every option may be undefined with exactOptionalPropertyTypes", async () => {
  const name = "exact.mts";
  const program = await makeUser("ours", {
    [name]: `
import {
  Codex, type CodexOptions, type Listeners, type ResumeOptions, type ReviewOptions,
  type ThreadOptions, type ToolOptions, type TurnOptions,
} from "@openai/codex-sdk";
import {
  CodexAppServer, type CodexAppServerOptions, type ForkOptions, type ServerThreadOptions,
  type ServerTurnOptions, type ThreadFilter,
} from "@openai/codex-sdk/app-server";
import { codexModel, type CodexModelOptions, type UIStreamOptions } from "@openai/codex-sdk/ai";
import type { TraceOptions } from "@openai/codex-sdk/otel";
import type { TurnOptionsSync } from "@openai/codex-sdk/sync";
import type { ExportThreadOptions, ImportThreadOptions } from "@openai/codex-sdk/threads";

/** An object with all options, each undefined. */
type Unset<Options> = { readonly [Name in keyof Options]-?: undefined };
declare function unset<Options>(): Unset<Options>;
declare function accepts<Options>(options: Options): void;

accepts<CodexOptions>(unset<CodexOptions>());
accepts<Listeners>(unset<Listeners>());
accepts<ThreadOptions>(unset<ThreadOptions>());
accepts<ToolOptions>(unset<ToolOptions>());
accepts<TurnOptions>(unset<TurnOptions>());
accepts<ResumeOptions>(unset<ResumeOptions>());
accepts<ReviewOptions>(unset<ReviewOptions>());
accepts<CodexAppServerOptions>(unset<CodexAppServerOptions>());
accepts<ServerThreadOptions>(unset<ServerThreadOptions>());
accepts<ServerTurnOptions>(unset<ServerTurnOptions>());
accepts<ForkOptions>(unset<ForkOptions>());
accepts<ThreadFilter>(unset<ThreadFilter>());
accepts<CodexModelOptions>(unset<CodexModelOptions>());
accepts<UIStreamOptions>(unset<UIStreamOptions>());
accepts<TraceOptions>(unset<TraceOptions>());
accepts<TurnOptionsSync>(unset<TurnOptionsSync>());
accepts<ExportThreadOptions>(unset<ExportThreadOptions>());
accepts<ImportThreadOptions>(unset<ImportThreadOptions>());

declare const [model, apiKey]: (string | undefined)[];
declare const signal: AbortSignal | undefined;
const codex = new Codex({ apiKey });
await codex.startThread({ model }).run("Hi", { signal });
new Codex({ config: { model, model_providers: { own: { name: "Own", base_url: model } } } });
const server = new CodexAppServer({ apiKey });
await server.startThread({ model }).run("Hi", { signal });
codexModel(codex, unset<CodexModelOptions>());
`,
  });
  await assertCompiles(program, [name], ["--exactOptionalPropertyTypes"]);
});
