/**
 * Starts a shell in several environments, as its argument says in JSON, and prints as
 * JSON what each has printed. Run by deno_test.ts, which sets the variables of the host.
 *
 * @module
 */

import { denoRuntime } from "../../src/runtime/deno.ts";
import { readText } from "./pipes.ts";

const runtime = denoRuntime(Deno);
const { script, environments } = JSON.parse(Deno.args[0] ?? "{}");
const printed: string[] = [];
for (const env of environments) {
  const child = await runtime.spawn({
    program: "/bin/sh",
    args: ["-c", script],
    env,
  });
  const [text] = await Promise.all([
    readText(child.stdout),
    child.stderr.cancel(),
    child.stdin.close(),
    child.exited,
  ]);
  printed.push(text);
}
// deno-lint-ignore no-console -- what it is for
console.log(JSON.stringify(printed));
