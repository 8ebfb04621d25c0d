import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../waiting.ts";
import type { FakeExecutableRun } from "../executable/fake_executable.ts";
import { printWords } from "../executable/print_words.ts";
import { readRuns } from "../executable/read_runs.ts";
import {
  type ProgramSteps,
  writeShellProgram,
  writeSteps,
} from "../executable/write_program.ts";
import { FAKE_PROGRAM } from "./program.ts";
import { type FakeSteps, flattenSteps } from "./steps.ts";

/**
 * A stand-in for the CLI, for what the real one will not do on demand: garbage,
 * floods, odd exits, ignored signals.
 */
export class FakeCli {
  /** The program, to be given as `codexPathOverride`. */
  readonly path: string;
  /** Its folder, which holds its steps and its notes. */
  readonly folder: string;

  /** Writes the program to a folder, which is made, and its steps beside it. */
  constructor(folder: string, steps: FakeSteps) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    writeSteps(folder, compile(steps));
    this.path = writeShellProgram(folder, FAKE_PROGRAM);
  }

  /** Tells whether there is a note. */
  hasNote(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** Waits for a note, and reads it without the white space at its ends. */
  async note(name: string): Promise<string> {
    // Written in two steps by a shell: there first, and whole a little later.
    return await until(`the note "${name}"`, () => {
      const text = this.#read(name);
      return text.endsWith("\n") ? text.trim() : undefined;
    });
  }

  /** Its runs so far, which the step `record` notes. */
  get requests(): readonly FakeExecutableRun[] {
    return readRuns(this.folder);
  }

  /** Reads the lines of a note, such as those of the step `add NAME`. */
  lines(name: string): string[] {
    return this.#read(name).split("\n").slice(0, -1);
  }

  /** Writes a note: the step `await NAME` waits for one. */
  leaveNote(name: string, text = ""): void {
    writeFileSync(join(this.folder, name), `${text}\n`);
  }

  #read(name: string): string {
    return this.hasNote(name)
      ? readFileSync(join(this.folder, name), "utf8")
      : "";
  }
}

/** Gives the words of steps, with what is no line in a file of its own. */
function compile(steps: FakeSteps): ProgramSteps {
  const files = new Map<string, string | Uint8Array>();
  const words = flattenSteps(steps).flatMap((step): string[] => {
    if (typeof step !== "string") {
      return "play" in step
        ? printWords(step, files)
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
  return { words, files };
}
