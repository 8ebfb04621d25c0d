/**
 * A conversation in the terminal: text as it is written, commands with their output, diffs in
 * colour, and a question before the agent acts. Ctrl-C stops the turn, or at the prompt the
 * program. Run `npm install` in this folder, then in the folder to work in:
 *
 * ```sh
 * node path/to/examples/repl/repl.ts    # Node 24, or: bun …, deno run -A …
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexError, CodexInterruptedError } from "@acodex/sdk";
import {
  type ApprovalDecision,
  type ApprovalRequest,
  CodexAppServer,
  type ServerThread,
  type StreamedEvent,
} from "@acodex/sdk/app-server";
import { isCancel, select, text } from "@clack/prompts";
import process from "node:process";
import colors from "picocolors";

const HELP = `Enter a task, or:
  /resume   go on with another thread of this folder
  /fork     go on with a copy of this thread
  /model    choose the model
  /quit     end`;

const codex = new CodexAppServer();
let model: string | undefined;
let thread = codex.startThread(options());
/** The earlier questions: the agent may ask for several things at once. */
let questions: Promise<unknown> = Promise.resolve();
/** Take over the terminal's keys to catch Ctrl-C, and release them for a question. */
let takeKeys = (): void => {};
let leaveKeys = (): void => {};

console.log(HELP);
try {
  for (;;) {
    const line = await text({ message: thread.id ?? "new thread" });
    if (isCancel(line) || line === "/quit") break;
    await enter(line?.trim() ?? "");
  }
} finally {
  await codex.close();
}

/** Returns the options of a thread. */
function options() {
  return { sandboxMode: "workspace-write", model, onApproval: ask } as const;
}

/** Executes a line; prints errors and continues the conversation. */
async function enter(line: string): Promise<void> {
  try {
    if (line === "") return;
    if (line === "/resume") thread = await resume() ?? thread;
    else if (line === "/fork") thread = fork();
    else if (line === "/model") await chooseModel();
    else if (line.startsWith("/")) console.log(HELP);
    else await runTurn(line);
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    console.log(colors.red(visible(error.message)));
  }
}

/** Runs a turn and prints its events. */
async function runTurn(task: string): Promise<void> {
  const streamed = await thread.runStreamed(task, { deltas: true });
  const stopListening = onCtrlC(() => {
    // The turn may have ended by then.
    streamed.interrupt().catch(() => {});
  });
  try {
    for await (const event of streamed) show(event);
    const { turnUsage, durationMs } = streamed.result;
    console.log(colors.dim(
      `\n${(durationMs / 1000).toFixed(1)} s, ${
        turnUsage?.output_tokens ?? "?"
      } output tokens`,
    ));
  } catch (error) {
    if (!(error instanceof CodexInterruptedError)) throw error;
    console.log(colors.yellow("\nStopped."));
  } finally {
    stopListening();
  }
}

/**
 * Calls a function at each Ctrl-C during a turn. Reads it as a key: as a signal it would end
 * the server too.
 */
function onCtrlC(stop: () => void): () => void {
  const { stdin } = process;
  const listen = (bytes: Uint8Array): void => {
    if (bytes.includes(3)) stop();
  };
  takeKeys = () => {
    if (stdin.isTTY) stdin.setRawMode(true);
    stdin.on("data", listen).resume();
  };
  leaveKeys = () => {
    stdin.off("data", listen).pause();
    if (stdin.isTTY) stdin.setRawMode(false);
  };
  takeKeys();
  return () => {
    leaveKeys();
    takeKeys = leaveKeys = () => {};
  };
}

/** Prints an event. */
function show(event: StreamedEvent): void {
  switch (event.type) {
    case "item.delta":
      if (event.kind === "agent_message") {
        process.stdout.write(visible(event.delta));
      } else if (event.kind === "command_output") {
        process.stdout.write(colors.dim(visible(event.delta)));
      }
      break;
    case "item.started":
      if (event.item.type === "command_execution") {
        console.log(colors.cyan(`\n$ ${visible(event.item.command)}`));
      }
      break;
    case "item.completed":
      if (event.item.type === "command_execution" && event.item.exit_code) {
        console.log(colors.red(`exit code ${event.item.exit_code}`));
      } else if (event.item.type === "agent_message") {
        console.log();
      }
      break;
    case "turn.diff":
      console.log(colorDiff(event.diff));
      break;
    case "error":
      console.log(colors.yellow(visible(event.message)));
      break;
  }
}

/** Asks whether the agent may do what it wants. */
function ask(request: ApprovalRequest): Promise<ApprovalDecision> {
  const answer = questions.then(async (): Promise<ApprovalDecision> => {
    leaveKeys();
    try {
      const chosen = await select<ApprovalDecision>({
        message: `${describe(request)}\nAllow it?`,
        options: [
          { value: "accept", label: "yes" },
          { value: "acceptForSession", label: "yes, and the next ones" },
          { value: "decline", label: "no" },
        ],
      });
      return isCancel(chosen) ? "cancel" : chosen;
    } finally {
      takeKeys();
    }
  });
  questions = answer.catch(() => {});
  return answer;
}

/** Describes a request. */
function describe(request: ApprovalRequest): string {
  switch (request.type) {
    case "command":
      return `$ ${visible(request.command)}`;
    case "terminal_input":
      return `type ${JSON.stringify(request.input)}`;
    case "file_change":
      return request.changes
        .map(({ path, diff }) => `${visible(path)}\n${colorDiff(diff)}`)
        .join("\n");
    case "mcp_tool":
      return visible(
        `${request.server}.${request.tool} ${
          JSON.stringify(request.arguments)
        }`,
      );
  }
}

/** Lets the user choose a thread of this folder, and resumes it. */
async function resume(): Promise<ServerThread | undefined> {
  const threads = await Array.fromAsync(
    codex.threads.list({ cwd: process.cwd(), limit: 20 }),
  );
  if (threads.length === 0) {
    console.log("There is no thread in this folder.");
    return undefined;
  }
  const id = await select({
    message: "Go on with",
    options: threads.map(({ id, name, preview, updatedAt }) => ({
      value: id,
      label: oneLine(name ?? preview),
      hint: updatedAt.toISOString().slice(0, 16),
    })),
  });
  return isCancel(id) ? undefined : codex.resumeThread(id, options());
}

/** Continues with a copy of the thread. */
function fork(): ServerThread {
  return thread.id === null ? thread : codex.forkThread(thread.id, options());
}

/** Lets the user choose the model, for this thread and the next ones. */
async function chooseModel(): Promise<void> {
  const models = await codex.models();
  const chosen = await select({
    message: "Model",
    options: models.map(({ id }) => ({ value: id, label: id })),
  });
  if (isCancel(chosen)) return;
  model = chosen;
  thread = thread.id === null
    ? codex.startThread(options())
    : codex.resumeThread(thread.id, options());
}

/** Colours the lines of a diff. */
function colorDiff(diff: string): string {
  return visible(diff).split("\n").map((line) => {
    if (line.startsWith("+")) return colors.green(line);
    if (line.startsWith("-")) return colors.red(line);
    return line.startsWith("@@") ? colors.cyan(line) : line;
  }).join("\n");
}

/** Writes a text on one line. */
function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, " ")).slice(0, 70);
}

/** Escapes control characters, with which the agent's output could imitate a question. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n\t]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
