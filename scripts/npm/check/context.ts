/**
 * The context of the package's tests, which scripts/check_npm.ts prepares.
 *
 * @module
 */

import type { Entry } from "../surface.ts";
import type { Packed } from "../tools.ts";

/** The variable that names the file of the context. */
export const CONTEXT_VARIABLE = "ACODEX_CHECK_CONTEXT";

/** A runtime, installed. */
export interface Program {
  /** Its display name: `Node 24.9.0`. */
  label: string;
  /** The path of its binary. */
  path: string;
}

/** The context of every test. */
export interface CheckContext {
  /** The package's name. */
  name: string;
  /** The output of `npm pack`. */
  packed: Packed;
  /** The packed package. */
  tarball: string;
  /** A folder in which only the tarball is installed. */
  consumer: string;
  /** A folder in which Node's types are installed, too. */
  consumerOfNode: string;
  /** A folder for the files of tests, outside of the repository. */
  temporary: string;
  /** The folder with the tools that check types and metadata. */
  checkers: string;
  /** The exports of the sources. */
  surface: Entry[];
  /** Every Node, by `node` and its major or full version, and `bun`. */
  programs: Record<string, Program>;
  /** The folder of PATH with `codex`. */
  codexFolder: string;
  /** A folder where npm has installed `@openai/codex`. */
  codexProject: string;
}

/** Reads the context that scripts/check_npm.ts has prepared. */
export function readContext(): CheckContext {
  const path = Deno.env.get(CONTEXT_VARIABLE);
  if (path === undefined) throw new Error("Run `deno task check:npm`");
  return JSON.parse(Deno.readTextFileSync(path));
}

/** Finds a runtime by its name. */
export function findProgram({ programs }: CheckContext, name: string): Program {
  const program = programs[name];
  if (program === undefined) throw new Error(`Cannot find ${name}`);
  return program;
}
