import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions, ThreadOptions } from "./options.ts";

// If two options conflict, the CLI silently uses one of them, or exits with the usage of
// its flags (facts F52).

/**
 * Rejects options of a client that conflict.
 *
 * @throws {CodexInputError} For the option to leave out.
 */
export function checkClientConflicts(options: CodexOptions): void {
  const { profile, ignoreUserConfig, hermetic, oss, localProvider } = options;
  const without = ignoreUserConfig ? "ignoreUserConfig" : "hermetic";
  if (profile && (ignoreUserConfig || hermetic)) {
    reject(
      "profile",
      `would have no effect with ${without}, which ignores the profiles of the user too`,
    );
  }
  if (localProvider && !oss) {
    reject("localProvider", "would have no effect without oss: true");
  }
}

/**
 * Rejects options of a thread that conflict, including those that a turn sets.
 *
 * @throws {CodexInputError} For the option to leave out.
 */
export function checkThreadConflicts(options: ThreadOptions): void {
  const { sandboxMode, approvalPolicy } = options;
  if (options.approveForMe) {
    const own = "sets its own sandbox and policy";
    if (options.dangerouslyBypassApprovalsAndSandbox) {
      reject(
        "dangerouslyBypassApprovalsAndSandbox",
        `cannot be combined with approveForMe, which ${own}`,
      );
    }
    for (
      const [name, value] of Object.entries({ sandboxMode, approvalPolicy })
    ) {
      if (value) {
        reject(name, `cannot be combined with approveForMe, which ${own}`);
      }
    }
  }
  if (options.dangerouslyBypassApprovalsAndSandbox) {
    const beside = "with dangerouslyBypassApprovalsAndSandbox";
    if (sandboxMode && sandboxMode !== "danger-full-access") {
      reject("sandboxMode", `would have no effect ${beside}`);
    }
    if (approvalPolicy && approvalPolicy !== "never") {
      reject("approvalPolicy", `would have no effect ${beside}`);
    }
  }
  if (options.worktree && options.ephemeral) {
    reject(
      "worktree",
      "cannot be combined with ephemeral: the CLI accepts only one of them",
    );
  }
}

function reject(path: string, why: string): never {
  throw new CodexInputError(`${path} ${why}; leave one of them out`, { path });
}
