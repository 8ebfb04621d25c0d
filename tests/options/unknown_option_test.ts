import { assertEquals, assertThrows } from "@std/assert";
import { CodexAppServer } from "../../app_server.ts";
import { Codex, CodexInputError } from "../../mod.ts";
import { SERVER_OPTION_TABLES } from "../../src/app_server/options.ts";
import { OPTION_TABLES, type OptionTables } from "../../src/options/table.ts";
import { SERVER_OPTIONS } from "../../src/options/unknown_option.ts";

function namesIn(tables: OptionTables): Set<string> {
  return new Set(Object.values(tables).flatMap((table) => Object.keys(table)));
}

Deno.test("The options of the server alone are those that its tables have and the others lack", () => {
  assertEquals(
    SERVER_OPTIONS,
    namesIn(SERVER_OPTION_TABLES).difference(namesIn(OPTION_TABLES)),
  );
});

Deno.test("An option of the server alone names its client", () => {
  const codex = new Codex();
  for (const name of SERVER_OPTIONS) {
    for (
      const make of [
        () => new Codex({ [name]: () => {} }),
        () => codex.startThread({ [name]: () => {} }),
      ]
    ) {
      const { path } = assertThrows(
        make,
        CodexInputError,
        "only CodexAppServer of @acodex/sdk/app-server has it",
      );
      assertEquals(path, name);
    }
  }
  assertThrows(
    () => new CodexAppServer(Object({ deltas: true })),
    CodexInputError,
    "pass it to run() or runStreamed()",
  );
});
