import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../waiting.ts";
import { FAKE_PROGRAM } from "./program.ts";
import { type FakeStep, type FakeSteps, flattenSteps } from "./steps.ts";
import { writeProgram } from "./write_program.ts";

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
    this.path = join(folder, "codex");
    writeFileSync(join(folder, "codex.steps"), writeSteps(folder, steps));
    writeProgram(this.path, FAKE_PROGRAM);
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

  /** Reads the arguments that the step `args NAME` has noted. */
  args(name: string): string[] {
    return this.#read(name).split("\0").slice(0, -1);
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

/** Gives the text of a file of steps, with each script in a file of its own. */
function writeSteps(folder: string, steps: FakeSteps): string {
  let scripts = 0;
  const write = (step: FakeStep): string => {
    if (step.startsWith("script ")) {
      const name = `codex.${++scripts}.sh`;
      writeFileSync(join(folder, name), `${step.slice("script ".length)}\n`);
      return `script ${name}\n`;
    }
    if (/[\n\0]/.test(step)) {
      throw new Error(`A step is one line: ${JSON.stringify(step)}`);
    }
    return `${step}\n`;
  };
  return flattenSteps(steps).map(write).join("");
}
