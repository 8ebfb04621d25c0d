import { parseFileUrl } from "../util/file_path.ts";
import { runtimeGlobals } from "./globals.ts";

/** Matches the flags of Node and Bun for code that is not in a file: the first argument then belongs to the code. */
const CODE_FLAG = /^(?:-[pei]+|--eval|--print|--interactive)(?:=|$)/;

/** Matches the names that Deno gives to code that is not in a file. */
const CODE_MODULE = /[\\/]\$deno\$[^\\/]*$/;

/**
 * Finds the file that the program was started with, as the runtime names it: the path
 * may lack its extension, be a folder, or not exist (facts R24).
 *
 * On a worker, finds the worker's own file, or none on Deno, rather than the program's.
 *
 * @returns `undefined` if the code is not in a file, such as code from the command line.
 */
export function entryModule(): string | undefined {
  const { deno, process } = runtimeGlobals();
  if (deno !== undefined) return fromMainModule(deno.mainModule);
  return process && fromArguments(process.argv, process.execArgv);
}

/** Finds the file of Deno's main module. */
export function fromMainModule(
  mainModule: string | undefined,
): string | undefined {
  const path = mainModule === undefined ? undefined : parseFileUrl(mainModule);
  return path === undefined || CODE_MODULE.test(path) ? undefined : path;
}

/** Finds the file in the arguments of Node or Bun. */
export function fromArguments(
  argv: readonly string[],
  execArgv: readonly string[],
): string | undefined {
  return execArgv.some((flag) => CODE_FLAG.test(flag)) ? undefined : argv[1];
}
