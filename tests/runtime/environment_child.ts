/**
 * Starts a shell in the environments that its argument lists as JSON, and prints the
 * output of each as JSON. deno_test.ts runs it and sets the variables of the host.
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
// deno-lint-ignore no-console -- its purpose
console.log(JSON.stringify(printed));
