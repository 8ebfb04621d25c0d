/**
 * The official SDK, and folders of users who have it, or this package in its place. It
 * stands in no configuration of the project, which would install it with every task.
 *
 * @module
 */

import { installPackage } from "../conformance/package.ts";
import { linkedProject, packageIn } from "./linked_project.ts";
import { installCached } from "./tools.ts";

/** The name of the official SDK. */
export const OFFICIAL_NAME = "@openai/codex-sdk";

/** The version that this package is held against. */
export const OFFICIAL_SDK = `${OFFICIAL_NAME}@0.163.0`;

/** The packages whose types a user of it has, since its declarations name them. */
const WITH_TYPES = [
  "@modelcontextprotocol/sdk@1.32.2",
  "@types/node@20.19.43",
];

/** What a folder has under the name of the official SDK: that one, this package, or both. */
export type UserOf = "official" | "ours" | "both";

/** The name that the official SDK has where a folder has both. */
export const BESIDE = "official-codex-sdk";

/**
 * Makes a folder as a user of the official SDK has one.
 *
 * @param user What it has under that name; with `both` the official one has another.
 * @param programs Files to be written into it, by their names.
 * @param spec The official SDK, in its exact version.
 */
export async function makeUser(
  user: UserOf,
  programs: { readonly [name: string]: string },
  spec: string = OFFICIAL_SDK,
): Promise<URL> {
  const installed = await installPackage();
  const official = await installCached("official", [spec, ...WITH_TYPES]);
  const ours = packageIn(installed, "@acodex/sdk");
  const theirs = `${official}/node_modules/${OFFICIAL_NAME}`;
  return await linkedProject(`user_of_${user}`, {
    packages: {
      [OFFICIAL_NAME]: user === "official" ? theirs : ours,
      ...user === "both" ? { [BESIDE]: theirs } : {},
      "@openai/codex": packageIn(installed, "@openai/codex"),
      "@types/node": `${official}/node_modules/@types/node`,
    },
    files: programs,
  });
}
