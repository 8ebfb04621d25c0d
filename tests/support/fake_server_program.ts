/**
 * Speaks the protocol of `codex app-server` and runs the steps in a turn's prompt, as
 * JSON, for what the real server does not do on demand. Started by `fake_server.ts`.
 *
 * @module
 */

import type { FakeServerOptions, FakeStep } from "./fake_server.ts";

const options: FakeServerOptions = JSON.parse(Deno.args[0] ?? "{}");
const THREAD = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
const encoder = new TextEncoder();
let turns = 0;
let threads = 0;
let answers = 0;
/** The threads that are being unloaded. */
const leaving = new Set<string>();
/** The turn that each thread runs. */
const running = new Map<string, string>();
/** Milliseconds by which the next requests are delayed. */
const late: { [method: string]: number[] } = structuredClone(
  options.late ?? {},
) as { [method: string]: number[] };

async function print(text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let start = 0; start < bytes.length;) {
    start += await Deno.stdout.write(bytes.subarray(start));
  }
}

function send(message: object): Promise<void> {
  return print(JSON.stringify(message) + "\n");
}

async function play(
  steps: readonly FakeStep[],
  threadId: string,
  turnId: string,
): Promise<void> {
  const place = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value).replaceAll("$THREAD", threadId)
        .replaceAll("$TURN", turnId)
        .replaceAll("$LONG", "x".repeat(2e7)),
    );
  const tell = (method: string, params: object): Promise<void> =>
    send({ method, params: { threadId, turnId, ...params } });
  for (const step of steps) {
    // Nothing more is reported of a turn whose thread was unloaded.
    if (running.get(threadId) !== turnId) return;
    switch (step.do) {
      case "begin":
        await tell("turn/started", { turn: { id: turnId } });
        break;
      case "say":
        await tell("item/completed", {
          item: { type: "agentMessage", id: "msg", text: step.text },
        });
        break;
      case "tell":
        for (let count = step.times ?? 1; count > 0; count--) {
          await tell(step.method, place(step.params) as object);
        }
        break;
      case "ask":
        await send({
          id: step.id,
          method: step.method,
          params: { threadId, turnId, ...place(step.params) as object },
        });
        break;
      case "answered":
        while (answers === 0) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        break;
      case "idle":
        await tell("thread/status/changed", { status: { type: "idle" } });
        break;
      case "end":
        running.delete(threadId);
        await tell("turn/completed", {
          turn: { id: turnId, status: step.status ?? "completed", items: [] },
        });
        break;
      case "print":
        await print(step.text);
        break;
      case "wait":
        await new Promise((resolve) => setTimeout(resolve, step.ms));
        break;
      case "exit":
        await Deno.stderr.write(encoder.encode(step.words ?? ""));
        Deno.exit(step.code);
    }
  }
}

async function answer(
  { id, method, params }: {
    id?: number;
    method: string;
    // deno-lint-ignore no-explicit-any -- anything that a test sends
    params: any;
  },
): Promise<void> {
  if (id === undefined || options.mute?.includes(method)) return;
  const refused = options.refuse?.[method];
  if (refused !== undefined) {
    const message = refused.message.replace(
      "$PARAMS",
      () => JSON.stringify(params),
    );
    return await send({ id, error: { ...refused, message } });
  }
  const reply = (result: object): Promise<void> => send({ id, result });
  if (options.results !== undefined && Object.hasOwn(options.results, method)) {
    return await send({ id, result: options.results[method] });
  }
  switch (method) {
    case "initialize":
      return await reply({
        userAgent: `acodex/${options.version ?? "0.169.0"} (fake)`,
        codexHome: "/home",
      });
    case "account/read":
      return await reply({ requiresOpenaiAuth: false });
    case "config/read":
      return await reply({ config: {} });
    case "thread/start": {
      const id = `${THREAD.slice(0, -1)}${threads++ % 10}`;
      return await reply({ thread: { id } });
    }
    case "thread/resume":
      // Resuming a loaded thread would have no effect.
      if (leaving.has(params.threadId)) {
        return await send({
          id,
          error: { code: -32600, message: "still loaded" },
        });
      }
      return await reply({ thread: { id: params.threadId } });
    case "thread/unsubscribe":
      leaving.add(params.threadId);
      running.delete(params.threadId);
      await reply({});
      await new Promise((resolve) => setTimeout(resolve, options.unloadMs));
      leaving.delete(params.threadId);
      return await send({
        method: "thread/closed",
        params: { threadId: params.threadId },
      });
    case "turn/start": {
      const known = running.get(params.threadId);
      // The prompt is added to the running turn.
      if (known !== undefined) return await reply({ turn: { id: known } });
      const turnId = `turn-${++turns}`;
      running.set(params.threadId, turnId);
      await reply({ turn: { id: turnId } });
      const [input] = params.input;
      play(JSON.parse(input.text), params.threadId, turnId);
      return;
    }
    case "turn/interrupt":
      await reply({});
      return await play(
        [{ do: "end", status: "interrupted" }],
        params.threadId,
        params.turnId,
      );
    case "thread/turns/list":
      return await reply({ data: options.turns ?? [] });
    case "thread/backgroundTerminals/list":
      return await reply({ data: [] });
    default:
      return await send({
        id,
        error: { code: -32600, message: `unknown variant ${method}` },
      });
  }
}

let text = "";
for await (
  const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
) {
  text += chunk;
  const lines = text.split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) {
    const message = JSON.parse(line);
    if (message.method === undefined) {
      answers += 1;
      // The answer is sent as a warning of the thread, so that the test sees it.
      await send({
        method: "warning",
        params: {
          threadId: `${THREAD.slice(0, -1)}0`,
          message: `ANSWER ${JSON.stringify(message)}`,
        },
      });
      continue;
    }
    const ms = late[message.method]?.shift();
    if (ms !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    await answer(message);
  }
}
if (options.staysAfterEnd) {
  await new Promise((resolve) => setTimeout(resolve, 1e9));
}
