/**
 * Blocks on a turn for each value of a variable, which it sets before the turn. A test
 * must not change the environment, because it belongs to the process. Prints, as JSON,
 * what the CLI noted each time. Its argument is JSON: the CLI, the note, the variable
 * and its values.
 *
 * @module
 */

import { CodexSync } from "../../sync.ts";

const { path, note, variable, values } = JSON.parse(Deno.args[0] ?? "{}");
const thread = new CodexSync({ codexPathOverride: path }).startThread();
const seen: string[] = [];
for (const value of values) {
  Deno.env.set(variable, value);
  thread.run("Hi");
  seen.push(Deno.readTextFileSync(note));
}
// deno-lint-ignore no-console -- the result
console.log(JSON.stringify(seen));
