import { CodexInputError } from "../errors/codex_error.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import type { TurnRequest } from "../transport/transport.ts";
import { checkLength, checkUnicode } from "./normalize_input.ts";

const KINDS = ["uncommitted", "base", "commit", "instructions"] as const;

/**
 * Converts a review to the task of a turn; its instructions, if there are any, are the
 * prompt.
 *
 * @throws {CodexInputError} If the target is not exactly one of the kinds, or cannot be
 * sent.
 */
export function readReview(
  given: ReviewTarget,
): Pick<TurnRequest, "prompt" | "images" | "review"> {
  const review = ownReviewTarget(given);
  const prompt = "instructions" in review ? review.instructions : "";
  return { prompt, images: [], review };
}

/** Copies a review target; rejects one that the CLI would misread. */
function ownReviewTarget(given: ReviewTarget): ReviewTarget {
  const own: { [name: string]: unknown } = typeof given === "object"
    ? { ...given }
    : {};
  const [kind, another] = Object.keys(own).filter((name) =>
    own[name] !== undefined && own[name] !== null
  );
  if (kind === undefined || another !== undefined || !isKind(kind)) {
    reject(
      "target",
      `must be one of ${KINDS.map((name) => `{ ${name} }`).join(", ")}`,
    );
  }
  const value = own[kind];
  if (kind === "uncommitted") {
    if (value !== true) reject(`target.${kind}`, "must be true");
    return { uncommitted: true };
  }
  if (typeof value !== "string" || value.trim() === "") {
    reject(`target.${kind}`, "must be a string that is not blank");
  }
  checkUnicode(value, `target.${kind}`);
  if (kind === "instructions") checkLength(value, `target.${kind}`);
  if (value.includes("\0")) {
    reject(`target.${kind}`, "must not contain a NUL character");
  }
  if (kind !== "instructions" && value.startsWith("-")) {
    reject(
      `target.${kind}`,
      "must not begin with -: the CLI would read it as a flag",
    );
  }
  return { [kind]: value } as unknown as ReviewTarget;
}

function isKind(name: string): name is typeof KINDS[number] {
  return KINDS.some((kind) => kind === name);
}

function reject(path: string, what: string): never {
  throw new CodexInputError(`${path} ${what}`, { path });
}
