import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  CodexEnvironmentError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { readSystemCode } from "../errors/host_error.ts";

/**
 * Finds the worker's program: beside this module, wherever a tool has put both.
 *
 * @throws {CodexPermissionError} If Deno or Node may not look for it.
 * @throws {CodexEnvironmentError} If it is not there.
 */
export function findProgram(): string {
  const program = programAddress();
  checkProgram(program);
  return program;
}

function programAddress(): string {
  // Bundlers that write CommonJS leave nothing of it.
  const here: string | undefined = import.meta.url;
  if (here === undefined) {
    throw startError(
      "",
      "the location of this module is unknown (import.meta.url)",
    );
  }
  // In JSR's package for npm webpack would not find it, and build nothing. Where it
  // does, what it makes is no URL, and has this property alone.
  const { href } = new URL(
    /* webpackIgnore: true */ "./worker.ts",
    import.meta.url,
  );
  // As JSR serves it to npm's users, modules end in .js, and this text is as it was.
  return /\.ts(?:$|[?#])/.test(here) ? href : href.replace(/\.ts$/, ".js");
}

/** Checks that the worker's program is there, where it is a file. */
function checkProgram(program: string): void {
  // Deno loads packages from the web.
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

/** Gives the flag that lets a folder be read, where an error of Deno or Node (facts R26) says that it may not. */
function readFlag(error: unknown, folder: string): string | undefined {
  if (isDenied(error)) return `--allow-fs-read=${folder}*`;
  const isDeno = error instanceof Error && error.name === "NotCapable";
  return isDeno ? `--allow-read=${folder}` : undefined;
}

/** Tells whether Node has forbidden something. */
export function isDenied(error: unknown): boolean {
  return readSystemCode(error) === "ERR_ACCESS_DENIED";
}

/** Makes the error for a worker that cannot be started, with what to tell a bundler. */
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
