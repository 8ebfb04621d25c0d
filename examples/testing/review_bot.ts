/**
 * A review bot that can be tested, because it receives its client. Its tests are in the
 * folders next to it, a project for each test runner.
 *
 * @module
 */
import { type Codex, CodexTurnError } from "@acodex/sdk";
import * as z from "zod";

const Review = z.object({
  verdict: z.enum(["approve", "reject"]),
  comments: z.array(z.object({
    file: z.string(),
    line: z.number().int().nullable(),
    text: z.string(),
  })),
});

/** The bot's findings. */
export type Review = z.infer<typeof Review>;

/** The maximum number of attempts at a review. */
const ATTEMPTS = 3;

/** The wait before the next one, in ms. */
const WAIT_MS = 30_000;

/** Reviews the last commit; tries again after a failure that may be gone by then. */
export async function reviewLastCommit(codex: Codex): Promise<Review> {
  for (let attempt = 1;; attempt += 1) {
    try {
      const thread = codex.startThread({ sandboxMode: "read-only" });
      const turn = await thread.run(
        "Review the last commit. Reject it only for a defect that a user would meet.",
        { outputType: Review, timeoutMs: 15 * 60_000 },
      );
      return turn.structuredResponse;
    } catch (error) {
      const mayPass = error instanceof CodexTurnError && error.retryable;
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
