import { spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { CodexEnvironmentError } from "../../errors/codex_error.ts";
import { shorten } from "../../util/text.ts";
import { BUN_PROGRAM } from "./bun_program.ts";
import { bunCandidates } from "./bun_candidates.ts";

/** The time that Bun has to compile, in ms. */
const TIMEOUT_MS = 60_000;

/** The length to which Bun's output is shortened in errors, in characters. */
const MAX_OUTPUT_LENGTH = 500;

/**
 * Compiles the fake executable with `bun build --compile`.
 *
 * @param folder The folder for the program.
 * @param places Paths where Bun may be; the first that exists is used.
 * @returns The program's path.
 * @throws {CodexEnvironmentError} If Bun is missing or does not compile it.
 */
export async function compileBunProgram(
  folder: string,
  places: readonly string[] = bunCandidates(process),
): Promise<string> {
  const bun = places.find((path) => existsSync(path));
  if (bun === undefined) {
    throw new CodexEnvironmentError(
      `Cannot write a fake executable: on ${process.platform} it is compiled with Bun, which is not on PATH; install Bun (npm install --global bun), or play turns with fakeCodex`,
      { path: "bun", systemCode: "ENOENT" },
    );
  }
  const source = join(folder, "codex.mjs");
  const name = process.platform === "win32" ? "codex.exe" : "codex";
  const program = join(folder, name);
  writeFileSync(source, BUN_PROGRAM, { mode: 0o600 });
  const output = await run(bun, [
    ...["build", "--compile", "--no-compile-autoload-dotenv"],
    ...["--no-compile-autoload-bunfig", `--outfile=${program}`, source],
  ], folder);
  rmSync(source);
  if (output === undefined && existsSync(program)) return program;
  throw new CodexEnvironmentError(
    `Cannot write a fake executable: Bun (${bun}) cannot compile it; 1.3.3 or newer is needed: ${
      shorten((output ?? "").trim(), MAX_OUTPUT_LENGTH)
    }`,
    { path: bun, systemCode: "" },
  );
}

/** Runs a program; returns its output if it fails, else `undefined`. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let output = "";
    const add = (text: string): void => void (output += text);
    child.stdout.setEncoding("utf8").on("data", add);
    child.stderr.setEncoding("utf8").on("data", add);
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve(error.message);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? undefined : output || "it was ended after a minute");
    });
  });
}
