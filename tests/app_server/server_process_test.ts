import { assertEquals } from "@std/assert";
import { ServerProcess } from "../../src/app_server/server/server_process.ts";
import { currentRuntime } from "../../src/runtime/current.ts";
import { withinMinute } from "../../src/testing/waiting.ts";

const EXIT = "exit 3";

// As on Node, if a write to it has failed.
Deno.test("close() settles even if closing the server's stdin never does", async () => {
  const runtime = currentRuntime();
  const process = await ServerProcess.start(
    {
      ...runtime,
      spawn: async (command) => {
        const child = await runtime.spawn(command);
        if (!command.args.includes(EXIT)) return child;
        const { stdin } = child;
        return {
          ...child,
          stdin: {
            write: (chunk) => stdin.write(chunk),
            close: () => new Promise<void>(() => {}),
            abort: () => stdin.abort(),
          },
        };
      },
    },
    {
      program: "/bin/sh",
      args: ["-c", EXIT],
      env: { inherit: true, set: {}, unset: [] },
    },
    { graceMs: 2000 },
  );
  const end = await withinMinute("close()", process.close());
  assertEquals(end.type === "exited" && end.process.exitCode, 3);
});
