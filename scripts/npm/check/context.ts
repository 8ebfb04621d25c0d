/**
 * What the tests of the package work on: scripts/check_npm.ts prepares it.
 *
 * @module
 */

import type { Entry } from "../surface.ts";
import type { Packed } from "../tools.ts";

/** The variable that names the file of the context. */
export const CONTEXT_VARIABLE = "ACODEX_CHECK_CONTEXT";

/** A runtime, installed. */
export interface Program {
  /** Its name for people: `Node 24.9.0`. */
  label: string;
  /** The path of its binary. */
  path: string;
}

/** What every test is handed. */
export interface CheckContext {
  /** Its name. */
  name: string;
  /** What npm says of the package. */
  packed: Packed;
  /** The packed package. */
  tarball: string;
  /** A folder where the tarball is installed, and nothing else. */
  consumer: string;
  /** One where Node's types are installed too. */
  consumerOfNode: string;
  /** A folder for whatever a test makes, outside of the repository. */
  temporary: string;
  /** The folder that holds what judges types and metadata. */
  checkers: string;
  /** What the sources export. */
  surface: Entry[];
  /** Every Node, by `node` and its major or full version, and `bun`. */
  programs: Record<string, Program>;
  /** The folder of PATH that holds `codex`. */
  codexFolder: string;
  /** A folder where npm has installed `@openai/codex`. */
  codexProject: string;
}

/** Reads what scripts/check_npm.ts has prepared. */
export function readContext(): CheckContext {
  const path = Deno.env.get(CONTEXT_VARIABLE);
  if (path === undefined) throw new Error("Run `deno task check:npm`");
  return JSON.parse(Deno.readTextFileSync(path));
}

/** One of the runtimes. */
export function findProgram({ programs }: CheckContext, name: string): Program {
  const program = programs[name];
  if (program === undefined) throw new Error(`Cannot find ${name}`);
  return program;
}
