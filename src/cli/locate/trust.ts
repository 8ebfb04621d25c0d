import type { Ownership } from "../../runtime/types.ts";

/** The user who is permitted everything. */
const ROOT_USER = 0;

/**
 * Explains why programs in a `node_modules` must not be run; returns `undefined` if they
 * may. Pure.
 *
 * A folder above a program may belong to another user: everybody may put a `node_modules`
 * into a shared folder for temporary files.
 *
 * @param users The users whose code already runs here, apart from root: the current user,
 * and the owner of the file that the search began with. In a container, the program and
 * its `node_modules` often belong to one user, and root runs them.
 */
export function distrust(
  users: ReadonlySet<number>,
  modules: Ownership | undefined,
  folder: Ownership | undefined,
): string | undefined {
  if (folder?.isOpenToAll) return "every user can write to the folder it is in";
  if (modules?.isOpenToAll) return "every user can write to it";
  const owner = modules?.ownerId ?? ROOT_USER;
  return owner === ROOT_USER || users.has(owner)
    ? undefined
    : `it belongs to another user (${owner})`;
}
