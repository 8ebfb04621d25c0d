import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { readCall } from "../../src/ai/call_options.ts";
import type { AiCallOptions } from "../../src/ai/model_types.ts";

/** Reads a call without a prompt. */
function read(options: Partial<AiCallOptions>, bridgesTools = false) {
  return readCall({ prompt: [], ...options }, bridgesTools);
}

/** Returns the features and messages of the warnings. */
function warned(
  options: Partial<AiCallOptions>,
  bridgesTools?: boolean,
): string[] {
  return read(options, bridgesTools).warnings.map((warning) =>
    warning.type === "other" ? warning.message : warning.feature
  );
}

Deno.test("Options without an effect cause a warning, default values do not", () => {
  assertEquals(
    warned({ temperature: 0, topK: 1, stopSequences: [], tools: [] }),
    ["temperature", "stopSequences", "topK"],
  );
  assertEquals(
    warned({ tools: [{}], toolChoice: { type: "required" } }),
    ["tools", "toolChoice"],
  );
  assertEquals(warned({ toolChoice: { type: "auto" } }), []);
  assertEquals(warned({ reasoning: "provider-default" }), []);
  assertEquals(warned({ reasoning: "none" }), ["reasoning"]);
  assertEquals(warned({ responseFormat: { type: "text" } }), []);
});

Deno.test("The AI SDK's own tools are read if they may be called", () => {
  const schema = { type: "object" };
  const named = { type: "function", name: "look", inputSchema: schema };
  const tools = [{ ...named, description: " Looks " }, named, {
    type: "provider",
    id: "other.search",
    name: "search",
    args: {},
  }];
  const [warning] = read({ tools }).warnings;
  assert(warning?.type === "unsupported");
  assertStringIncludes(String(warning.details), 'tools: "bridge"');
  assertEquals(read({ tools }).tools, []);
  assertEquals(read({ tools }, true).tools, [
    { name: "look", description: "Looks", schema },
    { name: "look", description: "look", schema },
  ]);
  assertEquals(warned({ tools }, true), ["tools"]);
  assertEquals(warned({ tools: [named] }, true), []);
  const none = { tools: [named], toolChoice: { type: "none" } };
  assertEquals([read(none, true).tools, warned(none, true)], [[], []]);
  assertEquals(warned({ toolChoice: { type: "tool" } }, true), ["toolChoice"]);
});

Deno.test("The reasoning effort becomes a thread option, and an explicit option overrides it", () => {
  assertEquals(read({ reasoning: "high" }).thread, {
    modelReasoningEffort: "high",
  });
  const codex = { modelReasoningEffort: "low", threadId: "x", model: "m" };
  const call = read({ reasoning: "high", providerOptions: { codex } });
  assertEquals(call.thread, { modelReasoningEffort: "low", model: "m" });
  assertEquals(call.threadId, "x");
});

Deno.test("The response format determines the form of the answer", () => {
  const schema = { type: "object" };
  assertEquals(read({}).form, "text");
  const call = read({ responseFormat: { type: "json", schema } });
  assertEquals([call.form, call.schema], ["schema", schema]);
  const json = read({ responseFormat: { type: "json" } });
  assertEquals([json.form, json.schema], ["json", undefined]);
  assertEquals(json.warnings.map(({ type }) => type), ["compatibility"]);
});

Deno.test("Options of a wrong type are rejected", () => {
  for (const codex of ["x", [1], { threadId: 7 }]) {
    assertThrows(
      () => read({ providerOptions: { codex } }),
      CodexInputError,
      "providerOptions.codex",
    );
  }
});
