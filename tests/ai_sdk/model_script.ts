import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelHttpError,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  modelReasoning,
  type ModelReply,
  type ModelRequest,
  modelUsage,
} from "../../testing.ts";

/** The reply to `Work` before its answer, with its tokens. */
const WORK = modelAnswer(
  modelReasoning("Thinking"),
  modelMessage("I will look."),
  modelCommand("echo looked; exit 3"),
  modelUsage({ input_tokens: 42 }),
);

/** The tokens of each of two requests, for cases that check the sum. */
const TOKENS = modelUsage({ input_tokens: 42 });

/** Calls the program's tools: those listed in the prompt, or `lookup`. */
function callTools(prompt: string, rest: string): ModelReply {
  const calls: readonly [name: string, input: Record<string, string>][] =
    prompt.startsWith("Call, then")
      ? [["lookup", { article: "7" }]]
      : JSON.parse(rest);
  return modelAnswer(
    modelMessage("I will ask."),
    ...calls.map(([name, input]) => modelMcpCall("host", name, input)),
    TOKENS,
  );
}

/** Asks for approval to run a command. */
function askFor(cmd: string): ModelOutputItem {
  return modelFunctionCall("exec_command", {
    cmd,
    sandbox_permissions: "require_escalated",
    justification: "It has to be",
  });
}

/** Runs a long command that ignores SIGTERM and writes its process id to a file. */
function hang(name: string): ModelReply {
  return modelAnswer(
    modelCommand(`trap '' TERM; echo $$ > ${name}.pid; exec sleep 300.5`),
  );
}

/** Returns the results of a turn's calls as a text. */
function tellOutputs({ toolOutputs }: ModelRequest): string {
  const texts = toolOutputs.map(({ text }) => text.split("\n").at(-1));
  return `Got ${texts.join(", ")}`;
}

/** Answers by the prompt's first word, for the cases of `cases.mjs`. */
export function replyByPrompt(request: ModelRequest): ModelReply {
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
        ? modelAnswer(modelMessage(rest))
        : modelAnswer(
          modelMessage("All done."),
          modelUsage({ input_tokens: 42 }),
        );
    case "Hang":
      return hang(rest);
    case "Call":
      if (!isBegun) return callTools(prompt, rest);
      return prompt.startsWith("Call, then hang")
        ? hang(rest)
        : modelAnswer(modelMessage(tellOutputs(request)), TOKENS);
    case "Ask":
      return isBegun
        ? modelAnswer(modelMessage(tellOutputs(request)), TOKENS)
        : modelAnswer(modelMessage("May I?"), askFor(rest), TOKENS);
    case "JSON":
      return modelAnswer(modelMessage(rest));
    case "Images":
      return modelAnswer(
        modelMessage(`${images.length} images; ${prompt.split("\n\n").at(-1)}`),
      );
    case "Fail":
      return modelHttpError(Number(rest));
    case "Pieces":
      return writePieces("one two three");
    default:
      return modelAnswer(modelMessage(prompt));
  }
}

/** Tells whether a request contains a command's output. */
function hasWorked({ body }: ModelRequest): boolean {
  const { input } = body as { input: readonly { type: string }[] };
  return input.at(-1)?.type === "function_call_output";
}

/** Answers with a message, word by word. */
function writePieces(text: string): ModelReply {
  const content = text.split(/(?= )/).map((text) => ({
    type: "output_text",
    text,
  }));
  return modelAnswer({ type: "message", role: "assistant", content });
}
