import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellProgram } from "./shell_program.ts";
import { STEPS_FILE, toLines } from "./words.ts";

/** What a program goes by, in any words. */
export interface ProgramSteps {
  /** The words, a line each. */
  readonly words: readonly string[];
  /** The files beside it, by their names. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** Writes what a fake executable goes by to its folder. */
export function writeSteps(
  folder: string,
  { words, files }: ProgramSteps,
): void {
  const mode = 0o600;
  for (const [name, content] of files) {
    writeFileSync(join(folder, name), content, { mode });
  }
  writeFileSync(join(folder, STEPS_FILE), toLines(words), { mode });
}

/** Writes a fake executable for the shell, and gives its path. */
export function writeShellProgram(
  folder: string,
  text: string = shellProgram(),
): string {
  const path = join(folder, "codex");
  writeProgram(path, text);
  return path;
}

/**
 * Writes a program that can be started at once. It is copied into place by a process
 * of its own: while this one held it open for writing, a child that another thread
 * starts would hold it too, and the system refuses to run what is being written.
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
