/**
 * The blocking client: runs the agent without `await`, for scripts, REPLs and build
 * steps, on Deno, Node and Bun.
 *
 * @example Review the staged changes before a commit
 * ```ts
 * import { CodexSync } from "@acodex/sdk/sync";
 * import { z } from "zod";
 *
 * const Review = z.object({ ok: z.boolean(), remarks: z.array(z.string()) });
 * const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
 * const { structuredResponse: review } = thread.run("Review what is staged", {
 *   outputType: Review,
 * });
 * if (!review.ok) throw new Error(review.remarks.join("\n"));
 * ```
 *
 * @module
 */
export { CancelFlag } from "./src/sync/cancel_flag.ts";
export { CodexSync } from "./src/sync/codex_sync.ts";
export { StreamedTurnSync } from "./src/sync/streamed_turn_sync.ts";
export {
  type ImageSourceSync,
  type InputSync,
  type ReviewOptionsSync,
  ThreadSync,
  type TurnOptionsSync,
  type UserInputSync,
} from "./src/sync/thread_sync.ts";
