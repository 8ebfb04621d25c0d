/**
 * Tests the routes of `examples/web` on each runtime, with the packed package, the real
 * CLI and a scripted model.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { request } from "node:http";
import { run } from "../../scripts/run.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import { type RunningApp, startApp } from "./running_app.ts";
import { installWebExample } from "./web_project.ts";

for (const runtime of ["deno", "node24", "bun"]) {
  Deno.test(`The web example answers only its own page, on ${runtime}`, async () => {
    await using app = await startApp(runtime);
    const { port, host } = app.url;
    const page = await app.ask("/");
    assertMatch(await page.text(), /<div id="root">/);
    assertMatch(
      page.headers.get("content-security-policy") ?? "",
      /default-src 'self'/,
    );
    const authorization = `Bearer ${app.url.hash.slice(1)}`;
    const refused: readonly [number, Record<string, string>][] = [
      [403, { authorization, host: `evil.example:${port}` }],
      [403, { authorization, host: `127.0.0.1:${Number(port) + 1}` }],
      [403, { authorization, origin: "http://evil.example" }],
      [403, { authorization, origin: "http://127.0.0.1:1" }],
      [403, { authorization, origin: "null" }],
      [401, {}],
      [401, { authorization: "Bearer no" }],
      [401, { authorization: `Bearer ${"x".repeat(36)}` }],
    ];
    for (const [status, headers] of refused) {
      for (const method of ["GET", "POST"]) {
        assertEquals(
          [await readStatus(app.url, method, headers), method, headers],
          [status, method, headers],
        );
      }
    }
    const own = { authorization, host, origin: `http://${host}` };
    assertEquals(await readStatus(app.url, "GET", own), 200);
    for (const body of [undefined, {}, { id: "a", text: " " }, { id: 1 }]) {
      assertEquals(await post(app, "/api/chat", body), 400);
    }
    assertEquals(
      await post(app, "/api/chat", { id: "a", text: "x".repeat(300_000) }),
      413,
    );
    // None of these requests has started a turn.
    const state = await (await app.ask("/api/chat")).json();
    assertEquals(state, { messages: [], turnId: null });
  });

  Deno.test(`The web example streams a turn to everyone who asks, on ${runtime}`, async () => {
    await using app = await startApp(runtime);
    const said = await app.post("/api/chat", { id: "a", text: "Say one two" });
    const chunks = readChunks(await said.text());
    assertEquals(
      chunks.flatMap(({ delta }) => delta ?? []),
      ["one", " two"],
    );

    const text = "Run echo $$ > turn.pid; exec sleep 300.5";
    const first = await Reader.of(app.post("/api/chat", { id: "b", text }));
    const asked = await first.until("asked");
    const { turnId } = await (await app.ask("/api/chat")).json();
    assertEquals(await post(app, "/api/chat", { id: "c", text }), 409);
    // A later reader gets the whole turn.
    const second = await Reader.of(app.ask(`/api/turns/${turnId}`));
    assertEquals(await second.until("asked"), asked);
    assertEquals(
      await post(app, "/api/approvals/unknown", { isAllowed: true }),
      404,
    );
    const approval = `/api/approvals/${asked.id}`;
    assertEquals(await post(app, approval, { isAllowed: "yes" }), 400);
    assertEquals(await post(app, approval, { isAllowed: true }), 204);
    assertEquals(await post(app, approval, { isAllowed: true }), 404);
    await second.until("allowed");
    await app.read("turn.pid");
    // One reader leaves; the other one stays and stops the turn.
    await first.leave();
    assertEquals(await post(app, "/api/stop", {}), 204);
    await app.isGone("turn.pid");
    assertEquals((await second.rest()).at(-1)?.type, "abort");
    const late = await app.ask(`/api/turns/${turnId}`);
    assertEquals(readChunks(await late.text()).at(-1)?.type, "abort");
    assertEquals((await app.ask("/api/turns/unknown")).status, 204);

    const state = await (await app.ask("/api/chat")).json();
    assertEquals(state.turnId, null);
    assertEquals(
      state.messages.map(({ role }: { role: string }) => role),
      ["user", "assistant", "user", "assistant"],
    );
    assertEquals(state.messages[3].parts.at(-1).data, { text: "Stopped." });
    assertEquals(
      (await app.ask("/api/chat", { method: "DELETE" })).status,
      204,
    );
    const empty = await (await app.ask("/api/chat")).json();
    assertEquals(empty, { messages: [], turnId: null });
  });
}

Deno.test("The web example exits during a turn", async () => {
  let reader: Reader | undefined;
  try {
    // Disposing it fails if a process of the turn is left.
    await using app = await startApp("node24");
    const text = "Run echo $$ > turn.pid; exec sleep 300.5";
    reader = await Reader.of(app.post("/api/chat", { id: "a", text }));
    const { id } = await reader.until("asked");
    await post(app, `/api/approvals/${id}`, { isAllowed: true });
    await app.read("turn.pid");
  } finally {
    // The response may have been cut off.
    await reader?.rest().catch(() => {});
  }
});

Deno.test("The web example type-checks", async () => {
  const { code, stderr } = await run(Deno.execPath(), [
    "check",
    "server.ts",
    "page/page.tsx",
  ], { cwd: await installWebExample() });
  assertEquals(code, 0, stderr);
});

/** Posts a body and returns the status. */
async function post(
  app: RunningApp,
  path: string,
  body: unknown,
): Promise<number> {
  const response = await app.post(path, body);
  await response.body?.cancel();
  return response.status;
}

/** Requests the conversation with exactly these headers, and returns the status. */
function readStatus(
  url: URL,
  method: string,
  headers: Record<string, string>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request(
    new URL("/api/chat", url),
    { method, headers: { host: url.host, ...headers } },
    (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    },
  ).on("error", reject).end();
  return withinMinute("an answer", promise);
}

/** The fields of a chunk that are checked. */
interface Chunk {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly data?: { readonly state?: string };
}

/** Parses the chunks in server-sent events. */
function readChunks(text: string): Chunk[] {
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = ""]) =>
    JSON.parse(json)
  );
}

/** Reads a turn chunk by chunk. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async of(asked: Promise<Response>): Promise<Reader> {
    const { status, body } = await asked;
    assertEquals(status, 200);
    assert(body !== null);
    return new Reader(body);
  }

  /** Reads until an approval has a state. */
  async until(state: string): Promise<Chunk> {
    for (;;) {
      const found = readChunks(this.#text).find(({ data }) =>
        data?.state === state
      );
      if (found !== undefined) return found;
      assert(await this.#more(), `No approval is ${state}:\n${this.#text}`);
    }
  }

  /** Reads to the end. */
  async rest(): Promise<Chunk[]> {
    while (await this.#more());
    return readChunks(this.#text);
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await withinMinute("a chunk", this.#reader.read());
    this.#text += value ?? "";
    return !done;
  }
}
