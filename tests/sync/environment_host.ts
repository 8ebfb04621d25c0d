/**
 * A program that blocks on a turn for each value of a variable, and sets it before each:
 * the environment is a process's, and so not for a test to change. Prints, as JSON, what
 * the CLI has noted each time. Its argument is JSON: the CLI, the note, the variable and
 * its values.
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
// deno-lint-ignore no-console -- what it is for
console.log(JSON.stringify(seen));
