import { assert, assertEquals, assertRejects } from "@std/assert";
import process from "node:process";
import { type NodeProcess, nodeRuntime } from "../../src/runtime/node.ts";
import type { ChildProcess, PipeReader } from "../../src/runtime/types.ts";
import { CodexExecError } from "../../src/errors/turn_errors.ts";
import { wait } from "../../src/testing/waiting.ts";

// Deno has Node's modules too. The conformance suite tests on Node and Bun what differs
// there.
const runtime = nodeRuntime(process as unknown as NodeProcess);

/** Starts a script. */
function sh(script: string, ...args: string[]): Promise<ChildProcess> {
  return runtime.spawn({
    program: "/bin/sh",
    args: ["-c", script, "sh", ...args],
    env: { inherit: true, set: { ACODEX_ONE: "1" }, unset: ["HOME"] },
  });
}

/** Reads everything from a pipe. */
async function drain(pipe: PipeReader): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const chunk = await pipe.read();
    if (chunk === undefined) return text;
    text += decoder.decode(chunk, { stream: true });
  }
}

Deno.test("nodeRuntime runs a program with its input, output, environment and exit code", async () => {
  const child = await sh(
    'cat; printf "%s-%s" "$ACODEX_ONE" "$HOME"; echo no >&2; exit 3',
  );
  assert(child.pid > 0);
  await child.stdin.write(new TextEncoder().encode("words, "));
  await child.stdin.close();
  const [stdout, stderr] = await Promise.all([
    drain(child.stdout),
    drain(child.stderr),
  ]);
  assertEquals([stdout, stderr], ["words, 1-", "no\n"]);
  assertEquals(await child.exited, { exitCode: 3, signal: null });
});

// Facts R13.
Deno.test("nodeRuntime keeps a child's output for a late reader", async () => {
  const child = await sh(
    'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done',
  );
  await wait(200);
  const lines = (await drain(child.stdout)).split("\n");
  assertEquals([lines.length, lines[0], lines[19999]], [
    20001,
    "line 0",
    "line 19999",
  ]);
  await child.exited;
  await Promise.all([child.stderr.cancel(), child.stdin.abort()]);
});

Deno.test("nodeRuntime ends a pending read when its pipe is cancelled, and a child by a signal", async () => {
  const child = await sh("exec sleep 41");
  const waiting = child.stdout.read();
  await child.stdout.cancel();
  assertEquals(await waiting, undefined);
  assertEquals(await child.stdout.read(), undefined);
  await Promise.all([child.stderr.cancel(), child.stdin.abort()]);
  child.kill("SIGTERM");
  assertEquals(await child.exited, { exitCode: null, signal: "SIGTERM" });
  // Neither of these is an error after the child has exited.
  child.kill("SIGKILL");
  runtime.kill(child.pid, "SIGKILL");
});

Deno.test("nodeRuntime reports a program that it cannot start", async () => {
  const error = await assertRejects(
    () =>
      runtime.spawn({
        program: "/no/such/program",
        args: [],
        env: { inherit: false, set: {}, unset: [] },
      }),
    CodexExecError,
  );
  assertEquals(error.code, "spawn_failed");
});

Deno.test("nodeRuntime inspects, writes and removes files", async () => {
  const folder = await runtime.makeTempFolder("acodex-node-");
  const path = `${folder}/a`;
  await runtime.writeFile(path, "hello");
  assertEquals(await runtime.fileKind(path), "file");
  assertEquals(await runtime.fileKind(folder), "folder");
  assertEquals(await runtime.fileKind("/dev/null"), "other");
  assertEquals(await runtime.fileKind(`${folder}/b`), undefined);
  assertEquals(await runtime.readText(path), "hello");
  assertEquals(
    new TextDecoder().decode(await runtime.readStart(path, 3)),
    "hel",
  );
  assertEquals((await runtime.readStart(path, 9)).length, 5);
  assertEquals(await runtime.listFolder(folder), ["a"]);
  await Deno.symlink(path, `${folder}/link`);
  assertEquals(
    await runtime.realPath(`${folder}/link`),
    await Deno.realPath(path),
  );
  assertEquals(await runtime.realPath(`${folder}/b`), `${folder}/b`);
  await runtime.removeFolder(folder, []);
  await runtime.removeFolder(folder, []);
  assertEquals(await runtime.fileKind(folder), undefined);
});

Deno.test("nodeRuntime reports the host's folder, system and environment", () => {
  assertEquals(runtime.cwd(), Deno.cwd());
  assertEquals(runtime.platform, process.platform);
  assertEquals(runtime.arch, process.arch);
  assertEquals(runtime.env("PATH"), Deno.env.get("PATH"));
  assert(runtime.mayRun("/bin/sh"));
});
