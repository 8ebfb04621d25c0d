import {
  CodexExecError,
  CodexExecutableNotFoundError,
} from "../errors/turn_errors.ts";
import { cleanCause } from "../errors/clean_cause.ts";
import { readSystemCode } from "../errors/host_error.ts";
import type { SpawnCommand } from "./types.ts";
import { quoted } from "../util/text.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** The meaning of Windows' codes for a file that is not a program. */
const NO_PROGRAM =
  "it is not a program for this system, or the file is damaged; set the path of codex.exe";

/** The meaning of the systems' codes for a program that does not start. */
const REASONS: { readonly [code: string]: string } = {
  ENOENT:
    "the file does not exist, or it is a script whose interpreter is missing",
  ENOTDIR: "the file does not exist",
  EACCES: "the file is not executable",
  EAGAIN: "the system allows no more processes; run fewer turns at once",
  EMFILE:
    "too many files are open; run fewer turns at once, or raise the limit (ulimit -n)",
  ENFILE: "too many files are open on this system",
  ENOEXEC: "it is not a program for this system",
  ENOMEM: "there is not enough memory",
  E2BIG:
    "its arguments and environment are longer than the system allows; shorten config, configOverrides or env",
  // A NUL character in an argument or variable: Deno's code, then Node's.
  EINVAL: "an argument or a variable contains a NUL character",
  ERR_INVALID_ARG_VALUE: "an argument or a variable contains a NUL character",
  // On Windows the limit is for the whole command line, on other systems for a path.
  ENAMETOOLONG:
    "its path, or on Windows its command line, is longer than the system allows; shorten config, configOverrides or extraArgs",
  // A file that is not a program on Windows: Bun's code, then Node's, which is the same for
  // every error that Node has no code for.
  EFTYPE: NO_PROGRAM,
  UNKNOWN: `the system does not say why; most likely ${NO_PROGRAM}`,
};

/** Matches programs that Windows only runs by a shell: Node and Bun refuse them with EINVAL. */
const NEEDS_SHELL = /\.(?:cmd|bat)$/i;
const NEEDS_SHELL_REASON =
  "it is a script that only a shell can run, and no shell is used; set the path of codex.exe";

/** The codes whose cause may also be the folder that the program is started in. */
const ABOUT_FOLDER_TOO = ["ENOENT", "ENOTDIR", "EACCES"];

/**
 * Creates the error for a program that could not be started. If the code is known, the
 * runtime's own message is not used, as Node's quotes the invalid argument.
 */
export function spawnError(
  { program, cwd }: Pick<SpawnCommand, "program" | "cwd">,
  error: unknown,
): CodexExecError {
  const code = readSystemCode(error);
  if (code === "ENOENT" && !/[\\/]/.test(program)) {
    const location = `${quoted(program)} on PATH, searched by the system`;
    return new CodexExecutableNotFoundError(
      `Cannot find the Codex CLI ${
        quoted(program)
      } on PATH; other places, such as node_modules, are searched only if files may be read (with Deno: --allow-read)`,
      { searched: [location], cause: cleanCause(error) },
    );
  }
  const known = code === "EINVAL" && NEEDS_SHELL.test(program)
    ? NEEDS_SHELL_REASON
    : REASONS[code];
  const reason = known ?? thrownMessage(error);
  const folder = cwd !== undefined && ABOUT_FOLDER_TOO.includes(code)
    ? `, or its working directory ${quoted(cwd)} cannot be entered`
    : "";
  return new CodexExecError(
    `Cannot start ${quoted(program)}: ${reason}${folder}${
      code === "" ? "" : ` (${code})`
    }`,
    {
      code: "spawn_failed",
      // The runtime's own error has all arguments as a field, and may quote one.
      cause: cleanCause(error, (message) => known ?? message),
    },
  );
}
