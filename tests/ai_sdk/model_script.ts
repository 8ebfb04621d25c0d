import {
  answer,
  command,
  httpError,
  message,
  type ModelReply,
  reasoning,
  type RecordedRequest,
  usage,
} from "../../src/testing/model.ts";

/** What `Work` says and does before its answer, and what it is billed. */
const WORK = answer(
  reasoning("Thinking"),
  message("I will look."),
  command("echo looked; exit 3"),
  usage({ input_tokens: 42 }),
);

/** Answers by the prompt's first word: what the cases of `cases.mjs` ask for. */
export function replyByPrompt(request: RecordedRequest): ModelReply {
  const { prompt, images } = request;
  const [, word, rest = ""] =
    /^(Work|Hang|JSON|Images|Fail|Pieces)[^:\n]*: ([^]*)$/m.exec(prompt) ?? [];
  const isBegun = hasWorked(request);
  switch (word) {
    case "Work":
      if (!isBegun) return WORK;
      return prompt.startsWith("Work, then JSON")
        ? answer(message(rest))
        : answer(message("All done."), usage({ input_tokens: 42 }));
    case "Hang":
      // It ignores what it can, and says who it is.
      return answer(
        command(`trap '' TERM; echo $$ > ${rest}.pid; exec sleep 300.5`),
      );
    case "JSON":
      return answer(message(rest));
    case "Images":
      return answer(
        message(`${images.length} images; ${prompt.split("\n\n").at(-1)}`),
      );
    case "Fail":
      return httpError(Number(rest));
    case "Pieces":
      return writePieces("one two three");
    default:
      return answer(message(prompt));
  }
}

/** Tells whether a request brings what a command has printed. */
function hasWorked({ body }: RecordedRequest): boolean {
  const { input } = body as { input: readonly { type: string }[] };
  return input.at(-1)?.type === "function_call_output";
}

/** Writes a message word by word. */
function writePieces(text: string): ModelReply {
  const content = text.split(/(?= )/).map((text) => ({
    type: "output_text",
    text,
  }));
  return answer({ type: "message", role: "assistant", content });
}
