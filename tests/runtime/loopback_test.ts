import { assertEquals, assertRejects } from "@std/assert";
import { connect } from "node:net";
import process from "node:process";
import { CodexPermissionError } from "../../src/errors/codex_error.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { type NodeProcess, nodeRuntime } from "../../src/runtime/node.ts";
import type { HttpReply } from "../../src/runtime/types.ts";

const node = process as unknown as NodeProcess;
const RUNTIMES = [denoRuntime(Deno), nodeRuntime(node)];

/** A reply without a body. */
const EMPTY: HttpReply = { status: 202, headers: {}, body: "" };

/** Tells whether a port accepts connections. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

for (const runtime of RUNTIMES) {
  Deno.test(`${runtime.name}: listenOnLoopback passes on a request, and sends the reply`, async () => {
    const seen: unknown[] = [];
    const server = await runtime.listenOnLoopback(async (request) => {
      const { method, path } = request;
      const headers = ["host", "x-two", "x-three"].map((name) =>
        request.header(name)
      );
      seen.push(method, path, ...headers, await request.readBody(100));
      return { status: 201, headers: { "x-one": "1" }, body: "grüß" };
    });
    try {
      const response = await fetch(`http://127.0.0.1:${server.port}/a?b=c`, {
        method: "POST",
        headers: { "X-Two": "2" },
        body: "höflich",
      });
      assertEquals(await response.text(), "grüß");
      assertEquals(response.status, 201);
      assertEquals(response.headers.get("x-one"), "1");
      const host = `127.0.0.1:${server.port}`;
      assertEquals(seen, ["POST", "/a?b=c", host, "2", undefined, "höflich"]);
    } finally {
      await server.close();
    }
  });

  Deno.test(`${runtime.name}: a request's body is read up to its limit`, async () => {
    const server = await runtime.listenOnLoopback(async (request) => {
      const text = await request.readBody(1_000_000);
      return text === undefined ? { ...EMPTY, status: 413 } : EMPTY;
    });
    try {
      const send = async (length: number): Promise<number> => {
        const response = await fetch(`http://127.0.0.1:${server.port}/`, {
          method: "POST",
          body: "x".repeat(length),
        });
        await response.body?.cancel();
        return response.status;
      };
      assertEquals(await send(1_000_000), 202);
      assertEquals(await send(1_000_001), 413);
    } finally {
      await server.close();
    }
  });

  Deno.test(`${runtime.name}: close ends connections, including one whose reply is pending, and frees the port`, async () => {
    const asked = Promise.withResolvers<void>();
    const never = Promise.withResolvers<HttpReply>();
    const server = await runtime.listenOnLoopback(() => {
      asked.resolve();
      return never.promise;
    });
    const answered = fetch(`http://127.0.0.1:${server.port}/`).then(
      () => "answered",
      () => "cut",
    );
    await asked.promise;
    assertEquals(await isOpen(server.port), true);
    await server.close();
    assertEquals(await answered, "cut");
    assertEquals(await isOpen(server.port), false);
    // A late reply does no harm.
    never.resolve(EMPTY);
    await never.promise;
  });

  Deno.test(`${runtime.name}: an idle connection does not delay close`, async () => {
    const server = await runtime.listenOnLoopback(() => Promise.resolve(EMPTY));
    const socket = connect(server.port, "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await new Promise((resolve) => socket.once("connect", resolve));
    await server.close();
    await closed;
  });
}

// Facts R37.
Deno.test("listenOnLoopback names the permission that Node lacks, and does not try", async () => {
  const runtime = nodeRuntime({
    ...node,
    getBuiltinModule: node.getBuiltinModule,
    allowedNodeEnvironmentFlags: new Set(["--allow-net"]),
    permission: { has: (scope) => scope !== "net" },
  });
  const error = await assertRejects(
    () => runtime.listenOnLoopback(() => Promise.resolve(EMPTY)),
    CodexPermissionError,
  );
  assertEquals(error.flag, "--allow-net");
});

Deno.test("listenOnLoopback names the permission that Deno lacks, and does not prompt", async () => {
  const runtime = denoRuntime({
    ...Deno,
    permissions: { querySync: () => ({ state: "prompt" }) },
  });
  const error = await assertRejects(
    () => runtime.listenOnLoopback(() => Promise.resolve(EMPTY)),
    CodexPermissionError,
  );
  assertEquals(error.flag, "--allow-net=127.0.0.1");
});
