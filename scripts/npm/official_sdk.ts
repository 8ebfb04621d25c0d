/**
 * The official SDK, and folders of users who have it, or this package in its place. It is not
 * in the project's configuration, as every task would then install it.
 *
 * @module
 */

import { installPackage } from "../conformance/package.ts";
import { linkedProject, packageIn } from "./linked_project.ts";
import { installCached } from "./tools.ts";

/** The name of the official SDK. */
export const OFFICIAL_NAME = "@openai/codex-sdk";

/** The version that this package is compared with. */
export const OFFICIAL_SDK = `${OFFICIAL_NAME}@0.163.0`;

/** The packages whose types a user of it has, since its declarations name them. */
const WITH_TYPES = [
  "@modelcontextprotocol/sdk@1.32.2",
  "@types/node@20.19.43",
];

/** The package under the name of the official SDK: the official one, this one, or both. */
export type UserOf = "official" | "ours" | "both";

/** The name of the official SDK in a folder with both. */
export const BESIDE = "official-codex-sdk";

/**
 * Creates a folder like that of a user of the official SDK.
 *
 * @param user The package under that name; with `both`, the official one has another name.
 * @param programs Files to write into it, by name.
 * @param spec The official SDK, with its exact version.
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
