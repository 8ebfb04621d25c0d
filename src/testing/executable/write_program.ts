import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellProgram } from "./shell_program.ts";
import { STEPS_FILE, toLines } from "./instructions.ts";

/** The instructions of a fake program, in the vocabulary of its kind. */
export interface ProgramSteps {
  /** The instructions, one per line. */
  readonly instructions: readonly string[];
  /** The files next to it, by name. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** Writes the instructions of a fake executable to its folder. */
export function writeSteps(
  folder: string,
  { instructions, files }: ProgramSteps,
): void {
  const mode = 0o600;
  for (const [name, content] of files) {
    writeFileSync(join(folder, name), content, { mode });
  }
  writeFileSync(join(folder, STEPS_FILE), toLines(instructions), { mode });
}

/** Writes a fake executable as a shell script, and returns its path. */
export function writeShellProgram(
  folder: string,
  text: string = shellProgram(),
): string {
  const path = join(folder, "codex");
  writeProgram(path, text);
  return path;
}

/**
 * Writes a program that can be started at once. A separate process copies it into place:
 * if this process had it open for writing, a child started meanwhile by another thread
 * would inherit that, and the system refuses to run a file that is open for writing.
 */
export function writeProgram(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { mode: 0o755 });
  try {
    const { status, stderr, error } = spawnSync("cp", ["-f", draft, path], {
      encoding: "utf8",
    });
    if (status !== 0) throw error ?? new Error(stderr);
  } finally {
    rmSync(draft);
  }
}
