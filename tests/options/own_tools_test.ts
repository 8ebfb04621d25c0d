import { assertEquals, assertThrows } from "@std/assert";
import * as z from "zod";
import { Codex } from "../../mod.ts";
import { CodexAppServer } from "../../app_server.ts";
import { CodexSync } from "../../sync.ts";
import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../../src/errors/codex_error.ts";
import {
  checkToolServerName,
  mergedTools,
  ownTools,
} from "../../src/options/own_tools.ts";
import type { ClientTool } from "../../src/options/tools.ts";

/** Builds a tool with a name. */
function named(name: string, text = name): ClientTool {
  return {
    name,
    description: "Does something",
    input: z.object({}),
    run: () => text,
  };
}

/** Asserts that a list of tools is rejected, with the error's path. */
function refuses(tools: unknown, path: string): void {
  const error = assertThrows(() => ownTools(tools), CodexInputError);
  assertEquals(error.path, path);
}

Deno.test("ownTools accepts names of letters, digits, underscores and dashes", () => {
  for (const name of ["a", "A_1-b", "9", "x".repeat(64)]) {
    assertEquals(ownTools([named(name)])[0]?.name, name);
  }
  for (
    const name of ["", "a b", "a.b", "lü", "x".repeat(65), "a\n", 7, undefined]
  ) refuses([{ ...named("a"), name }], "tools[0].name");
});

Deno.test("ownTools rejects a value that is not a tool, with its path", () => {
  refuses("tools", "tools");
  refuses([named("a"), null], "tools[1]");
  refuses([,], "tools[0]");
  refuses([{ ...named("a"), description: " " }], "tools[0].description");
  refuses(
    [{ ...named("a"), description: "x".repeat(16_385) }],
    "tools[0].description",
  );
  refuses([{ ...named("a"), run: "run" }], "tools[0].run");
});

Deno.test("ownTools rejects two names that the model cannot distinguish", () => {
  refuses([named("a"), named("b"), named("a")], "tools[2].name");
  refuses([named("look_up"), named("look-up")], "tools[1].name");
});

Deno.test("ownTools copies a list, and keeps the object of which run is a method", () => {
  class Counter {
    name = "count";
    description = "Counts";
    input = z.object({});
    #count = 0;
    run(): string {
      this.#count += 1;
      return String(this.#count);
    }
  }
  const given: ClientTool[] = [new Counter()];
  const [tool] = ownTools(given);
  given.length = 0;
  const context = {
    signal: new AbortController().signal,
    threadId: "",
    callId: "",
  };
  assertEquals(tool?.run({}, context), "1");
  assertEquals(tool?.run({}, context), "2");
});

Deno.test("mergedTools replaces earlier tools of the same name by the last one", () => {
  const [a, b, other] = [named("a"), named("b-c"), named("b_c", "other")];
  assertEquals(mergedTools([a, b], undefined, [other]), [a, other]);
  assertEquals(mergedTools(undefined, undefined), []);
});

Deno.test("checkToolServerName accepts names that TOML and the CLI read without quotes", () => {
  for (const name of ["host", "my-tools_2", "x".repeat(32)]) {
    checkToolServerName(name);
  }
  for (const name of ["", "my.tools", "my tools", "tööls", "x".repeat(33)]) {
    assertThrows(() => checkToolServerName(name), CodexInputError);
  }
});

Deno.test("Codex rejects unusable tools and server names before a turn begins", () => {
  const tools = [named("a b")];
  assertThrows(() => new Codex({ tools }), CodexInputError, "tools[0].name");
  assertThrows(
    () => new Codex().startThread({ tools }),
    CodexInputError,
    "tools[0].name",
  );
  assertThrows(
    () => new Codex({ toolServerName: "a.b" }),
    CodexInputError,
    'toolServerName must be 1 to 32 letters, digits, "_" and "-", not "a.b"',
  );
  assertThrows(() => new Codex({ toolTimeoutMs: 0 }), CodexInputError);
});

Deno.test("clients that cannot run tools reject them by name", () => {
  const tools = [named("a")];
  for (
    const [make, words] of [
      [
        () => new CodexSync({ tools }),
        "The option tools is not supported here: the thread of CodexSync",
      ],
      [
        () => new CodexSync().startThread({ tools }),
        "The option tools is not supported here: the thread of CodexSync",
      ],
      [
        () =>
          new CodexSync().startThread().run("?", Object({ toolTimeoutMs: 1 })),
        "The option toolTimeoutMs is not supported here: the thread of CodexSync",
      ],
      [
        () => new CodexSync(Object({ toolServerName: "x" })),
        "The option toolServerName is not supported here: the thread of CodexSync",
      ],
    ] as const
  ) assertThrows(make, CodexUnsupportedOptionError, words);
  new CodexAppServer({ tools, toolServerName: "x" }).startThread({ tools });
});
