/**
 * Checks what an install costs.
 *
 * @module
 */

import { filesBelow } from "../finish.ts";
import type { CheckContext } from "./context.ts";
import type { Check } from "./report.ts";

/** What an install may cost; a change that needs more says so here. */
const LIMITS = { tarball: 250_000, code: 300_000, dependencies: 2 };

/** The sizes of a package. */
export interface Sizes {
  tarball: number;
  unpacked: number;
  /** Modules, without maps and types. */
  code: number;
  dependencies: number;
}

/** The check of sizes. */
export function sizeChecks(context: CheckContext): Check[] {
  return [{ title: "Size", run: () => staysSmall(context) }];
}

async function staysSmall(context: CheckContext): Promise<string> {
  const sizes = await measure(context);
  const problems = exceeded(sizes);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { tarball, unpacked, code, dependencies } = sizes;
  return `tarball ${tarball} bytes, unpacked ${unpacked}, code ${code}; ${dependencies} dependencies`;
}

/** Says what is over its limit. */
export function exceeded(sizes: Sizes): string[] {
  return (["tarball", "code", "dependencies"] as const)
    .filter((what) => sizes[what] > LIMITS[what])
    .map((what) => `${what}: ${sizes[what]} is over ${LIMITS[what]}`);
}

async function measure(
  { tarball, built, consumer, surface }: CheckContext,
): Promise<Sizes> {
  let unpacked = 0;
  let code = 0;
  for (const path of await filesBelow(built)) {
    const { size } = await Deno.stat(`${built}/${path}`);
    unpacked += size;
    if (path.endsWith(".js")) code += size;
  }
  const lock = JSON.parse(
    await Deno.readTextFile(`${consumer}/package-lock.json`),
  );
  return {
    tarball: (await Deno.stat(tarball)).size,
    unpacked,
    code,
    dependencies: countDependencies(
      lock.packages,
      `node_modules/${surface[0]?.specifier}`,
    ),
  };
}

/** What is installed for a package: all that it asks for, and what that asks for. */
export function countDependencies(
  packages: Record<string, { dependencies?: Record<string, string> }>,
  root: string,
): number {
  const found = new Set<string>();
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      const dependency = `node_modules/${name}`;
      if (found.has(dependency)) continue;
      found.add(dependency);
      waiting.push(dependency);
    }
  }
  return found.size;
}
