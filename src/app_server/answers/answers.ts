import { thrownMessage } from "../../util/thrown_message.ts";
/** The result of asking a handler. */
export interface Decided<A> {
  /** The handler's answer; the question's `no` if it gave none. */
  readonly answer: A;
  /** The problem with the handler, as a warning for the turn; `undefined` for none. */
  readonly warning: string | undefined;
}

/** A handler of the program, its request, and the reader of its answer. */
export interface Question<R, A> {
  /** The name of the handler's option, for warnings. */
  readonly name: string;
  /** Calls the handler. */
  readonly handler: (
    request: R,
    context: { readonly signal: AbortSignal },
  ) => unknown;
  /** The request to answer. */
  readonly request: R;
  /** Reads the returned value; returns `undefined` if it is not an answer. */
  readonly read: (given: unknown) => A | undefined;
  /** The answer that approves nothing. */
  readonly no: A;
}

/** Options of {@linkcode askHandler}. */
export interface AskOptions {
  /** Milliseconds that the handler may take; `undefined` for no limit. */
  readonly timeoutMs: number | undefined;
  /** Aborted when the answer is no longer needed. */
  readonly withdrawn: AbortSignal;
}

/**
 * Calls a handler, never on the caller's stack. Only an explicit answer approves anything:
 * a handler that throws, rejects, returns an invalid answer or is late has declined.
 */
export async function askHandler<R, A>(
  question: Question<R, A>,
  { timeoutMs, withdrawn }: AskOptions,
): Promise<Decided<A>> {
  const { name, no } = question;
  const over = new AbortController();
  const withdraw = (): void => over.abort(withdrawn.reason);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<Decided<A>>((resolve) => {
    over.signal.addEventListener(
      "abort",
      () => resolve({ answer: no, warning: undefined }),
    );
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      resolve({
        answer: no,
        warning:
          `${name} did not answer within ${timeoutMs} ms (answerTimeoutMs): declined`,
      });
      over.abort(new DOMException("The answer came too late", "TimeoutError"));
    }, timeoutMs);
  });
  withdrawn.addEventListener("abort", withdraw);
  if (withdrawn.aborted) withdraw();
  try {
    return await Promise.race([decide(question, over.signal), ended]);
  } finally {
    clearTimeout(timer);
    withdrawn.removeEventListener("abort", withdraw);
  }
}

async function decide<R, A>(
  { name, handler, request, read, no }: Question<R, A>,
  signal: AbortSignal,
): Promise<Decided<A>> {
  const declined = (what: string): Decided<A> => ({
    answer: no,
    warning: `${name} ${what}: declined`,
  });
  await Promise.resolve();
  try {
    const given: unknown = await handler(request, { signal });
    const answer = read(given);
    return answer === undefined
      ? declined(`returned ${describe(given)} instead of a decision`)
      : { answer, warning: undefined };
  } catch (error) {
    return declined(`failed: ${thrownMessage(error)}`);
  }
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}
