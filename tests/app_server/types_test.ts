/**
 * Tests the server's public types. The code only compiles and does not run: a test fails
 * if it does not compile, or if an `@ts-expect-error` is unused.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as z from "zod";
import {
  type ApprovalHandler,
  type ApprovalRequest,
  type ClientTool,
  CodexAppServer,
  type ServerStreamedTurn,
  type ServerThread,
  type StreamedEvent,
  tool,
} from "../../app_server.ts";
import type { Thread, ThreadEvent } from "../../mod.ts";

/** `true` if two types are identical. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only if the types are identical. */
function same<A, B>(proof: Same<A, B>): void {
  assertEquals(proof, true);
}

async function compiles(thread: ServerThread): Promise<void> {
  const plain: Thread = thread;
  await plain.run("Hi");

  const events = await thread.runStreamed("Hi");
  same<typeof events, ServerStreamedTurn<unknown, ThreadEvent>>(true);
  for await (const event of events) {
    same<typeof event, ThreadEvent>(true);
    // @ts-expect-error -- deltas were not requested
    if (event.type === "item.delta") return;
  }
  const perhaps = await thread.runStreamed("Hi", {
    deltas: Math.random() < 0.5,
  });
  same<typeof perhaps, ServerStreamedTurn<unknown, StreamedEvent>>(true);
  const none = await thread.runStreamed("Hi", { deltas: false });
  same<typeof none, ServerStreamedTurn<unknown, ThreadEvent>>(true);

  const both = await thread.runStreamed("Hi", {
    deltas: true,
    outputType: z.object({ n: z.number() }),
  });
  for await (const event of both.events) {
    same<typeof event, StreamedEvent>(true);
    if (event.type === "item.delta") same<typeof event.delta, string>(true);
  }
  same<typeof both.result.structuredResponse, { n: number }>(true);

  const turn = await thread.run("Hi", { outputType: z.array(z.string()) });
  same<typeof turn.structuredResponse, string[]>(true);

  const lookup: ClientTool = tool({
    name: "lookup",
    description: "Looks up",
    input: z.object({ n: z.number() }),
    run: ({ n }, { signal }) => {
      same<typeof n, number>(true);
      return { n, isOver: signal.aborted };
    },
  });
  await thread.run("Hi", { tools: [lookup], toolTimeoutMs: 1000 });
  // @ts-expect-error -- a number is not a result
  tool({ ...lookup, run: () => 7 });

  const handler: ApprovalHandler = async (request, { signal }) => {
    same<typeof request, ApprovalRequest>(true);
    same<typeof signal, AbortSignal>(true);
    await Promise.resolve();
    return request.type === "command" ? "accept" : "decline";
  };
  // @ts-expect-error -- "yes" is not a decision
  const wrong: ApprovalHandler = () => "yes";
  // @ts-expect-error -- keepAlive is not an option
  new CodexAppServer({ keepAlive: 1 }).startThread({
    onApproval: handler ?? wrong,
  });
}

Deno.test("The server's types are what users expect", () => {
  assertEquals(typeof compiles, "function");
});
