/**
 * Runs a program of the example and collects its output.
 *
 * @module
 */

import { TextLineStream } from "@std/streams";
import { spawn } from "./children.ts";
import { within } from "../../src/testing/waiting.ts";

/** A running program, with its output so far. */
export class Program implements AsyncDisposable {
  /** What it has printed on stdout so far. */
  readonly lines: string[] = [];
  /** What it has printed on stderr so far. */
  readonly errors: string[] = [];
  /** Resolves to the exit code, once all output has been read. */
  readonly ended: Promise<number>;
  readonly #child: Deno.ChildProcess;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  /** Starts a program with only the given environment. */
  constructor(
    command: readonly [string, ...string[]],
    cwd: string,
    env: { readonly [name: string]: string },
  ) {
    const [program, ...args] = command;
    this.#child = spawn(program, {
      args,
      cwd,
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    this.ended = this.#end();
  }

  /** The process's id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Sends a signal, unless the process has ended. */
  kill(signal: Deno.Signal): void {
    if (!this.#isOver) this.#child.kill(signal);
  }

  /** Waits for a line on stdout. */
  async line(
    what: string,
    isIt: (line: string) => boolean,
    ms: number,
  ): Promise<string> {
    return await within(
      ms,
      `${what}\n${this.errors.join("\n")}`,
      this.#find(isIt),
    );
  }

  /** Kills the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.ended;
  }

  async #find(isIt: (line: string) => boolean): Promise<string> {
    for (let next = 0;;) {
      for (; next < this.lines.length; next += 1) {
        const line = this.lines[next] ?? "";
        if (isIt(line)) return line;
      }
      if (this.#isOver) throw new Error(`It ended: ${this.errors.join("\n")}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async #end(): Promise<number> {
    const [status] = await Promise.all([
      this.#child.status,
      this.#read(this.#child.stdout, this.lines),
      this.#read(this.#child.stderr, this.errors),
    ]);
    this.#isOver = true;
    this.#announce();
    return status.code;
  }

  async #read(
    stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    into: string[],
  ): Promise<void> {
    const lines = stream.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      into.push(line);
      this.#announce();
    }
  }

  #announce(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
