/**
 * Settings of the demo: for the real service, or for a scripted model.
 *
 * @module
 */
import type { CodexOptions, ThreadOptions } from "@acodex/sdk";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
  type ModelReplyFunction,
} from "@acodex/sdk/testing";
import { OPEN, startRealCli } from "../src/testing/real_cli.ts";

/** The settings that the demo runs with. */
export interface Setting extends AsyncDisposable {
  /** The text to print first. */
  readonly description: string;
  /** The client's options. */
  readonly codexOptions: CodexOptions;
  /** The threads' options. */
  readonly threadOptions: ThreadOptions;
  /** A turn in which the CLI is killed; `undefined` with the real service. */
  readonly killing?: {
    readonly prompt: string;
    readonly threadOptions: ThreadOptions;
  };
}

/** The real service. */
export function liveSetting(): Setting {
  return {
    description:
      "The real codex CLI talks to the real service, with CODEX_API_KEY or your codex login.",
    codexOptions: {},
    threadOptions: { sandboxMode: "read-only", skipGitRepoCheck: true },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A scripted model on loopback: the CLI and the commands are real, the answers are not. */
export async function scriptedSetting(): Promise<Setting> {
  // Not in the system's temporary folder: the CLI warns about a home there.
  const parent = ".cache";
  await Deno.mkdir(parent, { recursive: true });
  const { codexOptions, close } = await startRealCli(reply, { parent });
  return {
    description:
      "The real codex CLI talks to a scripted model on this machine: commands are really run, answers are made up. (--live talks to the real service.)",
    codexOptions: { ...codexOptions, envMode: "merge" },
    // The commands come from the script, so they need no sandbox, which not every machine
    // supports.
    threadOptions: OPEN,
    killing: { prompt: "Kill the codex process.", threadOptions: OPEN },
    [Symbol.asyncDispose]: close,
  };
}

/** The scripted model's answer to each prompt of the demo. */
const reply: ModelReplyFunction = (request) => {
  const { prompt, toolOutputs } = request;
  if (prompt.startsWith("Look around")) {
    return toolOutputs.length === 0
      ? modelAnswer(modelCommand("ls *.md"))
      : modelDelay(
        300,
        modelAnswer(
          modelMessage("A TypeScript project with its documents in Markdown."),
        ),
      );
  }
  if (prompt.startsWith("Sum it up")) {
    return modelAnswer(modelMessage(JSON.stringify({
      summary: "A TypeScript project",
      files: ["README.md", "ARCHITECTURE.md"],
    })));
  }
  if (prompt.startsWith("Wait")) return modelAnswer(modelCommand("sleep 120"));
  if (prompt.startsWith("Kill")) {
    return modelAnswer(modelCommand("kill -9 $PPID"));
  }
  return modelAnswer(modelMessage("SDK for Codex."));
};
