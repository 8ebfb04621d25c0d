import { parseFileUrl } from "../util/file_path.ts";
import { runtimeGlobals } from "./globals.ts";

/** Node's and Bun's flags for code that is no file: the first argument is the code's own then. */
const CODE_FLAG = /^(?:-[pei]+|--eval|--print|--interactive)(?:=|$)/;

/** The names that Deno gives to code that is no file. */
const CODE_MODULE = /[\\/]\$deno\$[^\\/]*$/;

/**
 * Finds the file that the program was started with, as the runtime names it: it may
 * lack its ending, be a folder, or not be there (facts R24).
 *
 * A worker has one of its own, or on Deno none, and does not know the program's.
 *
 * @returns Nothing where it is no file, as with code from the command line.
 */
export function entryModule(): string | undefined {
  const { deno, process } = runtimeGlobals();
  if (deno !== undefined) return fromMainModule(deno.mainModule);
  return process && fromArguments(process.argv, process.execArgv);
}

/** Deno's, of `Deno.mainModule`. */
export function fromMainModule(
  mainModule: string | undefined,
): string | undefined {
  const path = mainModule === undefined ? undefined : parseFileUrl(mainModule);
  return path === undefined || CODE_MODULE.test(path) ? undefined : path;
}

/** Node's and Bun's, of their arguments. */
export function fromArguments(
  argv: readonly string[],
  execArgv: readonly string[],
): string | undefined {
  return execArgv.some((flag) => CODE_FLAG.test(flag)) ? undefined : argv[1];
}
