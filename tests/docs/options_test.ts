/**
 * Checks that docs/options.md lists every option with the flag or setting that it is
 * sent as, and marks as rejected exactly those that the tables mark as unsupported.
 */
import { assert, assertEquals } from "@std/assert";
import { SERVER_OPTION_TABLES } from "../../src/app_server/options.ts";
import { optionRows } from "../../src/options/row.ts";
import { OPTION_TABLES, TURN_THREAD_OPTIONS } from "../../src/options/table.ts";

const PAGE = await Deno.readTextFile(
  new URL("../../docs/options.md", import.meta.url),
);

/**
 * Returns the cells of the first row that names an option; empty if there is no such
 * row.
 */
function readCells(name: string): string[] {
  const row = PAGE.split("\n").find((line) =>
    line.split("|")[1]?.includes(`\`${name}\``)
  );
  return row?.split("|").slice(1, -1).map((cell) => cell.trim()) ?? [];
}

for (const owner of ["client", "thread"] as const) {
  for (const [name, row] of optionRows(OPTION_TABLES[owner])) {
    Deno.test(`docs/options.md lists ${name} with its flag or setting`, () => {
      const [, sent = ""] = readCells(name);
      assert(sent !== "", `no row for ${name}`);
      const by = row.flag ?? row.pathFlag ?? row.setting;
      if (by !== undefined) assert(sent.includes(by), `${name}: ${by}`);
    });
  }
  for (const [name, row] of optionRows(OPTION_TABLES[owner])) {
    const serverRow = SERVER_OPTION_TABLES[owner][name] ?? row;
    Deno.test(`docs/options.md says whether the server rejects ${name}`, () => {
      assertEquals(
        readCells(name).at(-1) === "rejected",
        serverRow.unsupported !== undefined,
      );
    });
  }
}

Deno.test("docs/options.md says which options a turn may override", () => {
  const said = optionRows(OPTION_TABLES.thread)
    .map(([name]) => name)
    .filter((name) => ["yes", "the first"].includes(readCells(name)[2] ?? ""))
    .filter((name) => name !== "webSearchEnabled");
  assertEquals(said.sort(), Object.keys(TURN_THREAD_OPTIONS).sort());
});

Deno.test("docs/options.md says which CLI versions options need", () => {
  const [, later = ""] = PAGE.split("## What came later");
  const said = [...later.matchAll(/^\| `(\w+)` +\| ([\d.]+) or newer \|$/gm)]
    .map(([, name, since]) => [name, since]);
  const rows = Object.values(OPTION_TABLES).flatMap(optionRows);
  const wanted = rows.flatMap(([name, { since }]) =>
    since ? [[name, since]] : []
  );
  assertEquals(said.sort(), wanted.sort());
});
