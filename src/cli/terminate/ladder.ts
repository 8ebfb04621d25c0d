import type {
  ChildProcess,
  EndingSignal,
  Runtime,
} from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { readProcessTable } from "./process_table.ts";
import { ProcessTree } from "./process_tree.ts";

/** How long each signal is given to work by default, in ms. */
export const SHUTDOWN_GRACE_MS = 2000;

/** How often it is looked whether those without a handle are gone, in ms. */
const POLL_MS = 20;

/** What is to be ended. */
export interface TerminationTarget {
  /** Where it runs. */
  readonly runtime: Runtime;
  /** The child; it may have exited, and left others behind. */
  readonly child: ChildProcess;
  /** The marker in the environment of all that came from it. */
  readonly marker: string;
  /** How long each signal is given to work, in ms. */
  readonly graceMs: number;
}

/**
 * Ends a child and all that came from it, in steps, each on a deadline.
 *
 * SIGINT first, to the child alone: on it the CLI stops its commands and tells
 * the thread that the turn was aborted, which it does on no other signal (facts
 * F15, F20). Then SIGTERM and SIGKILL, to the child and to what has left its group
 * or its session, which is looked for again before each step. All is over after
 * three graces: a process can hang in the kernel, and nobody waits for that.
 *
 * Where the processes of the system are not shown (other systems than Linux,
 * Deno without `--allow-all`), only the child is signalled.
 */
export async function terminate(target: TerminationTarget): Promise<void> {
  if (target.runtime.platform === "win32") {
    return await terminateOnWindows(target);
  }
  const descendants = new Descendants(target, true);
  // Seen now, they are known also when the one that links them is gone.
  await descendants.refresh();
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    await descendants.signal(signal);
    if (await descendants.waitUntilGone(signal)) return;
  }
}

/** Ends what a child has left behind that has exited by itself. */
export async function endOrphans(target: TerminationTarget): Promise<void> {
  if (target.runtime.platform === "win32") return;
  const descendants = new Descendants(target, false);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if ((await descendants.refresh()).length === 0) return;
    await descendants.signal(signal);
    if (await descendants.waitUntilGone(signal)) return;
  }
}

/** A child and all that came from it. */
class Descendants {
  readonly #target: TerminationTarget;
  readonly #tree: ProcessTree;
  #childGone = false;

  constructor(target: TerminationTarget, isChildThere: boolean) {
    this.#target = target;
    this.#tree = new ProcessTree(target.child.pid, isChildThere);
    target.child.exited.then(() => this.#childGone = true);
  }

  /** The living ones but for the child, as far as the system shows them. */
  async refresh(): Promise<readonly { readonly pid: number }[]> {
    const { runtime, marker } = this.#target;
    return this.#tree.refresh(await readProcessTable(runtime, marker) ?? []);
  }

  /** Signals the child, and with all but SIGINT the others too. */
  async signal(signal: EndingSignal): Promise<void> {
    const { runtime, child } = this.#target;
    const others = signal === "SIGINT" ? [] : await this.refresh();
    if (!this.#childGone) child.kill(signal);
    for (const { pid } of others) runtime.kill(pid, signal);
  }

  /**
   * Waits until all are gone, but not longer than the grace; tells whether they
   * are. After SIGINT the wait is over when the child is gone: the others have not
   * been asked to go. After SIGKILL those that were started meanwhile get it too.
   */
  async waitUntilGone(signal: EndingSignal): Promise<boolean> {
    const { runtime, child, graceMs } = this.#target;
    const end = Date.now() + graceMs;
    if (!await withDeadline(child.exited, graceMs)) return false;
    for (;;) {
      const others = await this.refresh();
      if (others.length === 0) return true;
      if (signal === "SIGINT" || Date.now() >= end) return false;
      if (signal === "SIGKILL") {
        for (const { pid } of others) runtime.kill(pid, signal);
      }
      await pause(POLL_MS);
    }
  }
}

/**
 * Windows has no signals, and a child that is gone leads to nobody any more: the
 * system's own tool ends the whole tree while the child is still there.
 */
async function terminateOnWindows(target: TerminationTarget): Promise<void> {
  const { runtime, child, graceMs } = target;
  const program = taskkillPath(runtime);
  try {
    // Asked for first, so that Deno never prompts.
    if (runtime.mayRun(program)) {
      const taskkill = await runtime.spawn({
        program,
        args: ["/pid", String(child.pid), "/T", "/F"],
        env: { inherit: true, set: {}, unset: [] },
      });
      await Promise.all([
        taskkill.stdin.abort(),
        taskkill.stdout.cancel(),
        taskkill.stderr.cancel(),
        withDeadline(taskkill.exited, graceMs),
      ]);
    }
  } catch {
    // Without it the child alone is ended.
  }
  child.kill("SIGKILL");
  await withDeadline(child.exited, graceMs);
}

/**
 * The system's own: by its bare name Windows would take one in the working directory,
 * where the agent may have put it.
 */
function taskkillPath(runtime: Runtime): string {
  const root = runtime.env("SystemRoot") ?? "C:\\Windows";
  return `${root}\\System32\\taskkill.exe`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
