/**
 * Review the last commit with a structured answer, for a CI job: exits with code 1
 * if the verdict is to reject.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";
import * as z from "zod";

const Review = z.object({
  verdict: z.enum(["approve", "reject"]),
  comments: z.array(z.object({
    file: z.string(),
    line: z.number().int().nullable(),
    text: z.string(),
  })),
});

const thread = new Codex().startThread({ sandboxMode: "read-only" });
const turn = await thread.run(
  "Review the last commit. Reject it only for a defect that a user would meet.",
  { outputType: Review, signal: AbortSignal.timeout(15 * 60_000) },
);
const review = turn.structuredResponse;
for (const { file, line, text } of review.comments) {
  console.log(`${file}:${line ?? "-"} ${text}`);
}
Deno.exit(review.verdict === "approve" ? 0 : 1);
