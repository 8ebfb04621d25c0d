import type {
  ChildProcess,
  EndingSignal,
  Runtime,
} from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { sleep } from "../../util/sleep.ts";
import { readAges, readProcessTable } from "./process_table.ts";
import type { ProcessEntry } from "./process_tree.ts";
import { ProcessTree } from "./process_tree.ts";

/** The default time that each signal has to take effect, in milliseconds. */
export const SHUTDOWN_GRACE_MS = 2000;

/** The interval at which processes without a handle are checked, in milliseconds. */
const POLL_MS = 20;

/**
 * The minimum number of checks for remaining processes after SIGKILL, even if the time
 * has run out: on a busy machine one check may take a whole grace period.
 */
const MIN_SWEEPS = 5;

/** A child to end with its descendants. */
export interface TerminationTarget {
  /** The runtime that started the child. */
  readonly runtime: Runtime;
  /** The child; it may have exited, and left other processes behind. */
  readonly child: ChildProcess;
  /** The marker in the environment of its descendants. */
  readonly marker: string;
  /** The time that each signal has to take effect, in milliseconds. */
  readonly graceMs: number;
}

/**
 * Ends a child and its descendants in steps, each with a deadline.
 *
 * SIGINT first, to the child alone: the CLI then stops its commands and records in the
 * thread that the turn was aborted, which it does on no other signal (facts F15, F20).
 * Then SIGTERM and SIGKILL, to the child and to its descendants, including those outside
 * its group or session; they are searched again before each step. It returns after about
 * three grace periods at most, since a process can hang in the kernel.
 *
 * If the processes of the system are not visible (systems other than Linux and macOS;
 * Deno without `--allow-all`, on macOS without `--allow-run`), only the child is
 * signalled.
 *
 * @param signals The steps: `codex app-server` stops its commands on SIGTERM, and not on
 * SIGINT.
 */
export async function terminate(
  target: TerminationTarget,
  signals: readonly EndingSignal[] = ["SIGINT", "SIGTERM", "SIGKILL"],
): Promise<void> {
  if (target.runtime.platform === "win32") {
    return await terminateOnWindows(target);
  }
  const descendants = new Descendants(target, true);
  // Processes that are seen now remain known after the process that links them has
  // exited.
  await descendants.refresh();
  for (const signal of signals) {
    await descendants.signal(signal);
    if (await descendants.waitUntilGone(signal)) return;
  }
}

/** Ends the processes that an exited child has left behind. */
export async function endOrphans(target: TerminationTarget): Promise<void> {
  if (target.runtime.platform === "win32") return;
  const descendants = new Descendants(target, false);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if ((await descendants.findLeft()).length === 0) return;
    await descendants.signal(signal);
    if (await descendants.waitUntilGone(signal)) return;
  }
}

/** Processes to end while the process that started them continues. */
export interface MarkedProcesses {
  /** The runtime that finds and signals them. */
  readonly runtime: Runtime;
  /** The marker in their environment. */
  readonly marker: string;
  /** The maximum age of the processes, in milliseconds; older ones are not ended. */
  readonly maxAgeMs: number;
  /** The time that each signal has to take effect, in milliseconds. */
  readonly graceMs: number;
}

/** Ends marked processes up to the maximum age. */
export async function endMarked(
  { runtime, marker, maxAgeMs, graceMs }: MarkedProcesses,
): Promise<void> {
  const begun = Date.now();
  const young = async (): Promise<readonly ProcessEntry[]> => {
    const table = await readProcessTable(runtime, marker) ?? [];
    const marked = table.filter(({ marked }) => marked);
    if (marked.length === 0) return [];
    const readAge = await readAges(runtime);
    const oldest = maxAgeMs + Date.now() - begun;
    return marked.filter((entry) => readAge(entry) <= oldest);
  };
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const end = Date.now() + graceMs;
    for (const { pid } of await young()) runtime.kill(pid, signal);
    for (
      let sweeps = 1;
      Date.now() < end || signal === "SIGKILL" && sweeps <= MIN_SWEEPS;
      sweeps++
    ) {
      const left = await young();
      // Processes that were started while the table was read are in the next one.
      if (left.length === 0 && (await young()).length === 0) return;
      if (signal === "SIGKILL") {
        for (const { pid } of left) runtime.kill(pid, signal);
      }
      await sleep(POLL_MS);
    }
  }
}

/** A child and its descendants. */
class Descendants {
  readonly #target: TerminationTarget;
  readonly #tree: ProcessTree;
  #childGone = false;

  constructor(target: TerminationTarget, isChildThere: boolean) {
    this.#target = target;
    this.#tree = new ProcessTree(target.child.pid, isChildThere);
    target.child.exited.then(() => this.#childGone = true);
  }

  /** Reads the process table, and returns the living descendants that are visible. */
  async refresh(): Promise<readonly { readonly pid: number }[]> {
    const { runtime, marker } = this.#target;
    return this.#tree.refresh(await readProcessTable(runtime, marker) ?? []);
  }

  /**
   * Finds the living descendants, and checks twice before it returns none: while the
   * table was read, one may have started another that the table does not show, and
   * exited.
   */
  async findLeft(): Promise<readonly { readonly pid: number }[]> {
    const found = await this.refresh();
    return found.length > 0 ? found : await this.refresh();
  }

  /** Signals the child and, unless the signal is SIGINT, its descendants. */
  async signal(signal: EndingSignal): Promise<void> {
    const { runtime, child } = this.#target;
    const others = signal === "SIGINT" ? [] : await this.refresh();
    if (!this.#childGone) child.kill(signal);
    for (const { pid } of others) runtime.kill(pid, signal);
  }

  /**
   * Waits until all are gone, at most for the grace period; tells whether they are. After
   * SIGINT it waits for the child alone, since the others have not been signalled. After
   * SIGKILL it also signals processes that were started meanwhile.
   */
  async waitUntilGone(signal: EndingSignal): Promise<boolean> {
    const { runtime, child, graceMs } = this.#target;
    const end = Date.now() + graceMs;
    const isLast = signal === "SIGKILL";
    const isGone = await withDeadline(child.exited, graceMs);
    if (!isGone && !isLast) return false;
    for (let sweeps = 1;; sweeps++) {
      const others = await this.findLeft();
      if (others.length === 0) return isGone;
      if (signal === "SIGINT") return false;
      const isLate = Date.now() >= end;
      if (isLate && (!isLast || sweeps > MIN_SWEEPS)) return false;
      if (isLast) { for (const { pid } of others) runtime.kill(pid, signal); }
      await sleep(POLL_MS);
    }
  }
}

/**
 * Ends the whole tree with Windows' own tool while the child is still running: Windows
 * has no signals, and a child that has exited does not lead to its descendants. The tool
 * gets two of the three grace periods.
 *
 * The tool follows parent ids, which Windows does not change when a parent exits: a
 * process whose parent's id was reused for a member of the tree is taken for its child.
 */
async function terminateOnWindows(target: TerminationTarget): Promise<void> {
  const { child, graceMs } = target;
  const taskkill = await startTaskkill(target);
  if (taskkill !== undefined) {
    await withDeadline(taskkill.exited, 2 * graceMs);
  }
  child.kill("SIGKILL");
  await withDeadline(
    Promise.all([taskkill?.exited, child.exited]),
    graceMs,
  );
  taskkill?.kill("SIGKILL");
}

/**
 * Starts Windows' tool on a tree; returns `undefined` if that fails, so that only the
 * child is ended.
 */
async function startTaskkill(
  { runtime, child }: TerminationTarget,
): Promise<ChildProcess | undefined> {
  const program = taskkillPath(runtime);
  try {
    // Checked first, so that Deno never prompts.
    if (!runtime.mayRun(program)) return undefined;
    const taskkill = await runtime.spawn({
      program,
      args: ["/pid", String(child.pid), "/T", "/F"],
      env: { inherit: true, set: {}, unset: [] },
    });
    const { stdin, stdout, stderr } = taskkill;
    await Promise.all([stdin.abort(), stdout.cancel(), stderr.cancel()])
      .catch(() => {});
    return taskkill;
  } catch {
    return undefined;
  }
}

/**
 * Returns the path of the system's taskkill. By its bare name, Windows would run a
 * program in the working directory, where the agent may have put it.
 */
function taskkillPath(runtime: Runtime): string {
  const root = runtime.env("SystemRoot") ?? "C:\\Windows";
  return `${root}\\System32\\taskkill.exe`;
}
