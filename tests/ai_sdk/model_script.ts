import {
  answer,
  command,
  functionCall,
  httpError,
  mcpCall,
  message,
  type ModelReply,
  type OutputItem,
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

/** What each of two requests is billed, where it is looked at. */
const TOKENS = usage({ input_tokens: 42 });

/** Calls the program's tools: those of a list, or the one that there is. */
function callTools(prompt: string, rest: string): ModelReply {
  const calls: readonly [name: string, input: Record<string, string>][] =
    prompt.startsWith("Call, then")
      ? [["lookup", { article: "7" }]]
      : JSON.parse(rest);
  return answer(
    message("I will ask."),
    ...calls.map(([name, input]) => mcpCall("host", name, input)),
    TOKENS,
  );
}

/** Asks for leave to run a command. */
function askFor(cmd: string): OutputItem {
  return functionCall("exec_command", {
    cmd,
    sandbox_permissions: "require_escalated",
    justification: "It has to be",
  });
}

/** Runs a command that lasts. It ignores what it can, and says who it is. */
function hang(name: string): ModelReply {
  return answer(
    command(`trap '' TERM; echo $$ > ${name}.pid; exec sleep 300.5`),
  );
}

/** Tells what has come of the calls of a turn. */
function tellOutputs({ toolOutputs }: RecordedRequest): string {
  const texts = toolOutputs.map(({ text }) => text.split("\n").at(-1));
  return `Got ${texts.join(", ")}`;
}

/** Answers by the prompt's first word: what the cases of `cases.mjs` ask for. */
export function replyByPrompt(request: RecordedRequest): ModelReply {
  const { prompt, images } = request;
  const [, word, rest = ""] =
    /^(Work|Hang|JSON|Images|Fail|Pieces|Call|Ask)[^:\n]*: ([^]*)$/m.exec(
      prompt,
    ) ?? [];
  const isBegun = hasWorked(request);
  switch (word) {
    case "Work":
      if (!isBegun) return WORK;
      return prompt.startsWith("Work, then JSON")
        ? answer(message(rest))
        : answer(message("All done."), usage({ input_tokens: 42 }));
    case "Hang":
      return hang(rest);
    case "Call":
      if (!isBegun) return callTools(prompt, rest);
      return prompt.startsWith("Call, then hang")
        ? hang(rest)
        : answer(message(tellOutputs(request)), TOKENS);
    case "Ask":
      return isBegun
        ? answer(message(tellOutputs(request)), TOKENS)
        : answer(message("May I?"), askFor(rest), TOKENS);
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
