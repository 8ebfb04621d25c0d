import type {
  ApprovalDecision,
  ApprovalHandler,
  ApprovalRequest,
} from "../approval.ts";

const DECISIONS: ReadonlySet<unknown> = new Set<ApprovalDecision>([
  "accept",
  "acceptForSession",
  "decline",
  "cancel",
]);

/** What a handler has come to. */
export interface Decided {
  /** Its decision; `decline` where it made none. */
  readonly decision: ApprovalDecision;
  /** What went wrong with it, for the turn's warnings; `undefined` if nothing. */
  readonly warning: string | undefined;
}

/** Options of {@linkcode askHandler}. */
export interface AskOptions {
  /** How long it may take, in ms; `undefined` for no limit. */
  readonly timeoutMs: number | undefined;
  /** Aborted when no answer is wanted any more. */
  readonly withdrawn: AbortSignal;
}

/**
 * Asks a handler for a decision, never on the stack of who asks. Only a handler's own
 * word grants anything: one that throws, rejects, answers nonsense or is too late has
 * declined.
 */
export async function askHandler(
  handler: ApprovalHandler,
  request: ApprovalRequest,
  { timeoutMs, withdrawn }: AskOptions,
): Promise<Decided> {
  const over = new AbortController();
  const withdraw = (): void => over.abort(withdrawn.reason);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<Decided>((resolve) => {
    over.signal.addEventListener(
      "abort",
      () => resolve({ decision: "decline", warning: undefined }),
    );
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      resolve({
        decision: "decline",
        warning:
          `onApproval has not answered within ${timeoutMs} ms (answerTimeoutMs): declined`,
      });
      over.abort(new DOMException("The answer is late", "TimeoutError"));
    }, timeoutMs);
  });
  withdrawn.addEventListener("abort", withdraw);
  if (withdrawn.aborted) withdraw();
  try {
    return await Promise.race([decide(handler, request, over.signal), ended]);
  } finally {
    clearTimeout(timer);
    withdrawn.removeEventListener("abort", withdraw);
  }
}

async function decide(
  handler: ApprovalHandler,
  request: ApprovalRequest,
  signal: AbortSignal,
): Promise<Decided> {
  await Promise.resolve();
  try {
    const decision: unknown = await handler(request, { signal });
    if (DECISIONS.has(decision)) {
      return { decision: decision as ApprovalDecision, warning: undefined };
    }
    return declined(
      `onApproval has given no decision but ${describe(decision)}`,
    );
  } catch (error) {
    return declined(
      `onApproval has failed: ${
        error instanceof Error ? error.message : describe(error)
      }`,
    );
  }
}

function declined(what: string): Decided {
  return { decision: "decline", warning: `${what}: declined` };
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}
