import {
  CodexExecError,
  CodexExecutableNotFoundError,
} from "../turn_errors.ts";

/** What the systems' codes mean for a program that does not start. */
const REASONS: { readonly [code: string]: string } = {
  ENOENT:
    "there is no such file, or it is a script whose interpreter is missing",
  ENOTDIR: "there is no such file",
  EACCES: "it is no file that may be executed",
  ENOEXEC: "it is no program for this system",
  E2BIG:
    "its arguments and environment are longer than the system takes; make config, configOverrides or env shorter",
  // A character that ends strings, in Deno's words and in Node's.
  EINVAL: "an argument or a variable holds a NUL character",
  ERR_INVALID_ARG_VALUE: "an argument or a variable holds a NUL character",
};

/**
 * The error for a program that could not be started. The runtime's own words stay
 * in `cause` where a code says it all: Node's quote the argument in question.
 */
export function spawnError(program: string, error: unknown): CodexExecError {
  const code = codeOf(error);
  if (code === "ENOENT" && !/[\\/]/.test(program)) {
    const place = `"${program}" on PATH, by the system`;
    return new CodexExecutableNotFoundError(
      `Cannot find the Codex CLI "${program}" on PATH; elsewhere, such as in node_modules, it is looked for only where files may be read (with Deno: --allow-read)`,
      [place],
      error,
    );
  }
  const reason = REASONS[code] ??
    (error instanceof Error ? error.message : String(error));
  return new CodexExecError(
    `Cannot start "${program}": ${reason}${code === "" ? "" : ` (${code})`}`,
    "spawn_failed",
    undefined,
    error,
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
