/** Runs the real CLI with a scripted model, without a client in between. @module */

import { clientSettings, configArgs } from "../../src/cli/client_settings.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import type { ScriptedModel } from "../../testing.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** One line of the CLI's output; tests look into it with `assertObjectMatch`. */
export type CliEvent = Record<string, unknown> & { type: string };

/** The result of one run of the CLI. */
export interface CliRun {
  /** The parsed lines of stdout. */
  events: CliEvent[];
  /** The exit code. */
  code: number;
  /** All of stderr. */
  stderr: string;
}

/** Options of {@linkcode runCodex}. */
export interface CliOptions {
  /** Arguments after those of every run, such as `["resume", id]`. */
  args?: readonly string[];
  /** The home of the CLI; by default, a new one that is removed after the run. */
  home?: string;
  /**
   * The sandbox of the agent's commands; none by default, and no flag if it is an empty
   * string.
   */
  sandbox?: string;
}

/** Runs one turn of the real CLI to its end. */
export async function runCodex(
  model: ScriptedModel,
  prompt: string,
  options: CliOptions = {},
): Promise<CliRun> {
  await using fresh = await tempFolder();
  if (options.home === undefined) fillHome(fresh.path);
  const child = await spawnCodex(
    model,
    options.home ?? fresh.path,
    options.args,
    options.sandbox,
  );
  await sendPrompt(child, prompt);
  return await readRun(child);
}

/** Starts the real CLI; the caller sends the prompt and reads the output. */
export async function spawnCodex(
  model: ScriptedModel,
  home: string,
  args: readonly string[] = [],
  sandbox = "danger-full-access",
): Promise<Deno.ChildProcess> {
  return await spawnCli(model, home, [
    "exec",
    "--experimental-json",
    "--skip-git-repo-check",
    ...sandbox === "" ? [] : ["--sandbox", sandbox],
    "--strict-config",
    ...configArgs(clientSettings({ config: { ...model.config } })),
    ...args,
  ]);
}

/** Starts the real CLI with exactly these arguments. */
export async function spawnCli(
  model: ScriptedModel,
  home: string,
  args: readonly string[],
): Promise<Deno.ChildProcess> {
  const { program } = await locateCodex(denoRuntime(Deno));
  return new Deno.Command(program, {
    args: [...args],
    cwd: home,
    env: model.env(home),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Writes the prompt and closes stdin, for which the CLI waits. A CLI that rejects its
 * arguments may have exited by then.
 */
export async function sendPrompt(
  child: Deno.ChildProcess,
  prompt: string,
): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(prompt));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Reads a child's output until it exits; `onOutput` is called with the stdout so far.
 */
export async function readRun(
  child: Deno.ChildProcess,
  onOutput: (stdout: string) => void = () => {},
): Promise<CliRun> {
  const [stdout, stderr, { code }] = await Promise.all([
    readText(child.stdout, onOutput),
    readText(child.stderr),
    child.status,
  ]);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return {
    events: lines.map((line) => JSON.parse(line) as CliEvent),
    code,
    stderr,
  };
}

/** Returns the items that a run completed. */
export function completedItems(run: CliRun): Record<string, unknown>[] {
  return run.events.filter((event) => event.type === "item.completed")
    .map((event) => event.item as Record<string, unknown>);
}

/** Returns the message of `turn.failed`. */
export function failure(run: CliRun): string {
  const failed = run.events.find((event) => event.type === "turn.failed");
  return (failed?.error as { message: string } | undefined)?.message ?? "";
}

/** Reads a stream of text to its end. */
async function readText(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onOutput: (text: string) => void = () => {},
): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    onOutput(text);
  }
  return text;
}
