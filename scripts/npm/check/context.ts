/**
 * What the checks work on.
 *
 * @module
 */

import type { Entry } from "../surface.ts";

/** A runtime, installed. */
export interface Program {
  /** Its name for people: `Node 24.9.0`. */
  label: string;
  /** The path of its binary. */
  path: string;
}

/** What every check is handed. */
export interface CheckContext {
  /** The packed package. */
  tarball: string;
  /** The folder that it was packed from. */
  built: string;
  /** A folder where the tarball is installed, and types for Node. */
  consumer: string;
  /** A folder for whatever a check makes, outside of the repository. */
  temporary: string;
  /** The folder that holds what judges types and metadata. */
  checkers: string;
  /** The folder that holds esbuild, which users have too. */
  bundler: string;
  /** What the sources export. */
  surface: Entry[];
  /** Every Node, by its major version or full version. */
  nodes: Map<string, Program>;
  bun: Program;
  /** The folder of PATH that holds `codex`. */
  codexFolder: string;
  /** A folder where npm has installed `@openai/codex`. */
  codexProject: string;
}

/** One of the Node versions. */
export function nodeOf({ nodes }: CheckContext, version: string): Program {
  const program = nodes.get(version);
  if (program === undefined) throw new Error(`Cannot find Node ${version}`);
  return program;
}
