import { assertEquals, assertThrows } from "@std/assert";
import {
  Codex,
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../../mod.ts";
import { LISTENERS } from "../../src/options/table.ts";
import { CodexSync } from "../../sync.ts";

for (const name of Object.keys(LISTENERS)) {
  Deno.test(`${name} must be a function, and is rejected by the blocking client`, () => {
    const listener = { [name]: () => {} };
    new Codex(listener);
    const wrong = assertThrows(
      () => new Codex({ [name]: "log" }),
      CodexInputError,
      `${name} must be a function`,
    );
    const blocked = assertThrows(
      () => new CodexSync(listener),
      CodexUnsupportedOptionError,
      `The option ${name} is not supported here: the thread of CodexSync`,
    );
    assertEquals([wrong.path, blocked.path], [name, name]);
  });
}
