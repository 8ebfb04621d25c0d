import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../waiting.ts";
import type { FakeExecutableRun } from "../executable/fake_executable.ts";
import { printInstructions } from "../executable/print_instructions.ts";
import { readRuns } from "../executable/read_runs.ts";
import {
  type ProgramSteps,
  writeShellProgram,
  writeSteps,
} from "../executable/write_program.ts";
import { FAKE_PROGRAM } from "./program.ts";
import { type FakeSteps, flattenSteps } from "./steps.ts";

/**
 * A stand-in for the CLI, for what the real one does not do on demand: garbage,
 * floods, odd exits, ignored signals.
 */
export class FakeCli {
  /** The program, for `codexPathOverride`. */
  readonly path: string;
  /** Its folder, with its steps and its notes. */
  readonly folder: string;

  /** Creates the folder, and writes the program and its steps to it. */
  constructor(folder: string, steps: FakeSteps) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    writeSteps(folder, compile(steps));
    this.path = writeShellProgram(folder, FAKE_PROGRAM);
  }

  /** Tells whether a note exists. */
  hasNote(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** Waits for a note, and reads it, trimmed. */
  async note(name: string): Promise<string> {
    // A shell creates the file first and writes it a little later.
    return await until(`the note "${name}"`, () => {
      const text = this.#read(name);
      return text.endsWith("\n") ? text.trim() : undefined;
    });
  }

  /** Its runs so far, recorded by the step `record`. */
  get requests(): readonly FakeExecutableRun[] {
    return readRuns(this.folder);
  }

  /** Reads the lines of a note, such as those of the step `add NAME`. */
  lines(name: string): string[] {
    return this.#read(name).split("\n").slice(0, -1);
  }

  /** Writes a note, for the step `await NAME`. */
  leaveNote(name: string, text = ""): void {
    writeFileSync(join(this.folder, name), `${text}\n`);
  }

  #read(name: string): string {
    return this.hasNote(name)
      ? readFileSync(join(this.folder, name), "utf8")
      : "";
  }
}

/** Maps steps to instructions; content that is not a line goes into a separate file. */
function compile(steps: FakeSteps): ProgramSteps {
  const files = new Map<string, string | Uint8Array>();
  const instructions = flattenSteps(steps).flatMap((step): string[] => {
    if (typeof step !== "string") {
      return "play" in step
        ? printInstructions(step, files)
        : [`line ${JSON.stringify(step)}`];
    }
    if (step.startsWith("script ")) {
      const name = `codex.${files.size + 1}.sh`;
      files.set(name, `${step.slice("script ".length)}\n`);
      return [`script ${name}`];
    }
    if (/[\n\0]/.test(step)) {
      throw new Error(`A step is one line: ${JSON.stringify(step)}`);
    }
    return [step];
  });
  return { instructions, files };
}
