import { mkdtempSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CodexError } from "../../errors/codex_error.ts";
import { hostError, temporaryFolderError } from "../../errors/host_error.ts";
import { removeWithRetries } from "../../runtime/remove_with_retries.ts";
import { quoted } from "../../util/text.ts";
import { compileBunProgram } from "./compile_bun_program.ts";
import type { CompiledSteps } from "./compile_steps.ts";
import type { FakeExecutable, FakeExecutableRun } from "./fake_executable.ts";
import { readRuns } from "./read_runs.ts";
import { STEPS_FILE } from "./instructions.ts";
import { writeShellProgram, writeSteps } from "./write_program.ts";

/** Writes a program to a folder and returns its path. */
export type ProgramWriter = (folder: string) => string | Promise<string>;

/** Writes the program in the form that this system can spawn. */
function writeForSystem(folder: string): string | Promise<string> {
  return process.platform === "win32"
    ? compileBunProgram(folder)
    : writeShellProgram(folder);
}

/** Writes a fake executable to a new folder. */
export async function installFake(
  compiled: CompiledSteps,
  write: ProgramWriter = writeForSystem,
): Promise<FakeExecutable> {
  const folder = makeFolder();
  try {
    writeSteps(folder, compiled);
    return new InstalledFake(folder, await write(folder));
  } catch (error) {
    await removeFolder(folder);
    if (error instanceof CodexError) throw error;
    throw hostError(
      `write a fake executable to ${quoted(folder)}`,
      folder,
      error,
    );
  }
}

function makeFolder(): string {
  try {
    return realpathSync(mkdtempSync(join(tmpdir(), "fake-codex-")));
  } catch (error) {
    throw temporaryFolderError(tmpdir(), error);
  }
}

/** Removes the folder, also while the program runs: it exits when its steps are gone. */
function removeFolder(folder: string): Promise<void> {
  return removeWithRetries(async () => {
    await rm(join(folder, STEPS_FILE), { force: true });
    await rm(folder, { recursive: true, force: true });
  });
}

/** A fake executable in its folder. */
class InstalledFake implements FakeExecutable {
  readonly path: string;
  readonly #folder: string;
  #kept: readonly FakeExecutableRun[] | undefined;

  /** Creates it for a program that was written. */
  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.path = path;
  }

  get requests(): readonly FakeExecutableRun[] {
    return this.#kept ?? readRuns(this.#folder);
  }

  async remove(): Promise<void> {
    this.#kept ??= readRuns(this.#folder);
    await removeFolder(this.#folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }
}
