/**
 * A program that runs a turn with each of several clients, and prints as JSON what the
 * commands of each printed. Run by options_test.ts, with variables of the host; its
 * argument is JSON, where null is a variable that is left out.
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
// deno-lint-ignore no-console -- what it is for
console.log(JSON.stringify(printed));
