/** What the agent is to review, of the Git repository that it works in. */
export type ReviewTarget =
  /** What has not been committed: staged, unstaged and untracked changes. */
  | { readonly uncommitted: true }
  /** What has changed since a branch. */
  | { readonly base: string }
  /** What a commit has changed, by its id. */
  | { readonly commit: string }
  /** What instructions say. */
  | { readonly instructions: string };

/** What a thread that has no id yet begins as. */
export type ThreadOrigin =
  /** Nothing. */
  | { readonly type: "new" }
  /** A copy of another thread, as far as that has come. */
  | { readonly type: "fork"; readonly threadId: string }
  /** The thread that was used last in the folder: itself, no copy. */
  | { readonly type: "last" };

/** The origin of most threads. */
export const NEW_THREAD: ThreadOrigin = { type: "new" };
