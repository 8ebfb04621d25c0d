/**
 * The packages that the AI SDK's tests use in addition to this one. They are not in the
 * project's configuration, as every task would then install them.
 *
 * @module
 */

import { installPackage } from "../conformance/package.ts";
import { linkedProject, packagesFor } from "./linked_project.ts";
import { installCached } from "./tools.ts";

/** The packages of each kind of user in addition to this one, pinned. */
export const AI_PROJECTS = {
  ai6: ["ai@6.0.326", "zod@4.6.7"],
  ai7: ["ai@7.0.173", "zod@4.6.7"],
  frameworks: [
    "ai@7.0.173",
    "zod@4.6.7",
    "hono@4.13.19",
    "@mastra/core@1.71.0",
    "@openai/agents@0.20.0",
    "@openai/agents-extensions@0.18.0",
    "@langchain/core@1.4.0",
    "@langchain/langgraph@1.7.3",
  ],
} as const satisfies Record<string, readonly string[]>;

/** A kind of user. */
export type AiProject = keyof typeof AI_PROJECTS;

/** A version of the AI SDK. */
export type AiSdk = Exclude<AiProject, "frameworks">;

/**
 * Creates a folder like that of such a user, with this package as installed from npm.
 *
 * @param programs Files to write into it, by name.
 */
export async function makeAiProject(
  kind: AiProject,
  programs: { readonly [name: string]: string },
): Promise<URL> {
  const installed = await installPackage();
  const specs: readonly string[] = AI_PROJECTS[kind];
  const packages = await installCached(kind, specs);
  return await linkedProject(kind, {
    packages: packagesFor(installed, packages, specs),
    files: programs,
  });
}
