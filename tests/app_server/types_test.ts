/**
 * What the compiler makes of code over the server's public types. Nothing here runs: a
 * test fails by not compiling, or by an `@ts-expect-error` too many.
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

/** `true` where two types are the same, to the letter. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only where the types are the same. */
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
    // @ts-expect-error -- deltas were not asked for
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
  // @ts-expect-error -- a number is no result
  tool({ ...lookup, run: () => 7 });

  const handler: ApprovalHandler = async (request, { signal }) => {
    same<typeof request, ApprovalRequest>(true);
    same<typeof signal, AbortSignal>(true);
    await Promise.resolve();
    return request.type === "command" ? "accept" : "decline";
  };
  // @ts-expect-error -- no such decision
  const wrong: ApprovalHandler = () => "yes";
  // @ts-expect-error -- no such option
  new CodexAppServer({ keepAlive: 1 }).startThread({
    onApproval: handler ?? wrong,
  });
}

Deno.test("The server's types are what users expect", () => {
  assertEquals(typeof compiles, "function");
});
