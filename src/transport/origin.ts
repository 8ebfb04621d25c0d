/** The subject of a review, in the Git repository that the agent works in. */
export type ReviewTarget =
  /** The uncommitted changes: staged, unstaged and untracked. */
  | { readonly uncommitted: true }
  /** The changes since a branch. */
  | { readonly base: string }
  /** The changes of one commit, by its id. */
  | { readonly commit: string }
  /** The subject that the instructions describe. */
  | { readonly instructions: string };

/** The content that a thread without an id starts with. */
export type ThreadOrigin =
  /** None: the thread is new. */
  | { readonly type: "new" }
  /** A copy of another thread, up to its current state. */
  | { readonly type: "fork"; readonly threadId: string }
  /** The thread that was last used in the folder: the thread itself, not a copy. */
  | { readonly type: "last" };

/** The origin of most threads. */
export const NEW_THREAD: ThreadOrigin = { type: "new" };
