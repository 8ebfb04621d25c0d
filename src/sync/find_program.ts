import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  CodexEnvironmentError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { readSystemCode } from "../errors/host_error.ts";

/**
 * Finds the worker's program, which is next to this module.
 *
 * @throws {CodexPermissionError} If Deno or Node denies access to it.
 * @throws {CodexEnvironmentError} If it does not exist.
 */
export function findProgram(): string {
  const program = programAddress();
  checkProgram(program);
  return program;
}

function programAddress(): string {
  // Bundlers that write CommonJS leave it undefined.
  const here: string | undefined = import.meta.url;
  if (here === undefined) {
    throw startError(
      "",
      "the location of this module is unknown (import.meta.url)",
    );
  }
  // `webpackIgnore`, as webpack would not find the file in JSR's package for npm, and fail.
  // `href` is the only property of the result that webpack provides.
  const { href } = new URL(
    /* webpackIgnore: true */ "./worker.ts",
    import.meta.url,
  );
  // JSR's package for npm renames modules to .js but does not change this string.
  return /\.ts(?:$|[?#])/.test(here) ? href : href.replace(/\.ts$/, ".js");
}

/** Checks that the worker's program exists, if it is a file. */
function checkProgram(program: string): void {
  // Deno may load packages over HTTP.
  if (!program.startsWith("file:")) return;
  const file = new URL(program);
  try {
    if (existsSync(file)) return;
  } catch (cause) {
    const flag = readFlag(cause, fileURLToPath(new URL("../..", file)));
    if (flag === undefined) throw cause;
    throw new CodexPermissionError(
      `Cannot start the worker thread: Deno may not read the file that it is loaded from; grant it with ${flag}`,
      { flag, cause },
    );
  }
  throw startError(program, `${program} does not exist`);
}

/** Returns the flag that grants access to a folder, if an error of Deno or Node (facts R26) denies it. */
function readFlag(error: unknown, folder: string): string | undefined {
  if (isDenied(error)) return `--allow-fs-read=${folder}*`;
  const isDeno = error instanceof Error && error.name === "NotCapable";
  return isDeno ? `--allow-read=${folder}` : undefined;
}

/** Tells whether an error is Node's denial of a permission. */
export function isDenied(error: unknown): boolean {
  return readSystemCode(error) === "ERR_ACCESS_DENIED";
}

/** Creates the error for a worker that cannot be started, with the settings for bundlers. */
export function startError(
  path: string,
  reason: string,
  cause?: Error,
): CodexEnvironmentError {
  return new CodexEnvironmentError(
    `Cannot start the worker thread: ${reason}. If this program was bundled, the bundler has to leave @acodex/sdk out (esbuild, tsup, Bun: external; webpack: externals; Next.js: serverExternalPackages: ["@acodex/sdk"])`,
    { path, systemCode: readSystemCode(cause), cause },
  );
}
