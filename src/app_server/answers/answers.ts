import { thrownMessage } from "../../util/thrown_message.ts";
/** What a handler has come to. */
export interface Decided<A> {
  /** Its answer; the no where it gave none. */
  readonly answer: A;
  /** What went wrong with it, for the turn's warnings; `undefined` if nothing. */
  readonly warning: string | undefined;
}

/** A handler of the program, and how its answers are read. */
export interface Question<R, A> {
  /** The option that it was given as, for warnings. */
  readonly name: string;
  /** Asks it. */
  readonly handler: (
    request: R,
    context: { readonly signal: AbortSignal },
  ) => unknown;
  /** What it is asked. */
  readonly request: R;
  /** Reads what it gives; `undefined` for what is no answer. */
  readonly read: (given: unknown) => A | undefined;
  /** The answer that grants nothing. */
  readonly no: A;
}

/** Options of {@linkcode askHandler}. */
export interface AskOptions {
  /** How long it may take, in ms; `undefined` for no limit. */
  readonly timeoutMs: number | undefined;
  /** Aborted when no answer is wanted any more. */
  readonly withdrawn: AbortSignal;
}

/**
 * Asks a handler, never on the stack of who asks. Only a handler's own word grants
 * anything: one that throws, rejects, answers nonsense or is too late has declined.
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
