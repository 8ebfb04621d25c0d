/**
 * A program that runs a turn with each of several clients, and prints the output of their
 * commands as JSON. options_test.ts runs it with variables of the host. Its argument is
 * JSON, in which null stands for an undefined variable.
 *
 * @module
 */

import { Codex } from "../../mod.ts";

const { clients, thread } = JSON.parse(Deno.args[0] ?? "{}");
const printed: string[] = [];
for (const client of clients) {
  const env = Object.fromEntries(
    Object.entries<string | null>(client.env).map(([name, value]) => [
      name,
      value ?? undefined,
    ]),
  );
  const { items } = await new Codex({ ...client, env }).startThread(thread)
    .run("Print");
  for (const item of items) {
    if (item.type === "command_execution") printed.push(item.aggregated_output);
  }
}
// deno-lint-ignore no-console -- the program's output
console.log(JSON.stringify(printed));
