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

/** The default time that each signal is given to work, in ms. */
export const SHUTDOWN_GRACE_MS = 2000;

/** The interval at which processes without a handle are checked, in ms. */
const POLL_MS = 20;

/** How often those that are left are looked for after SIGKILL, also when the time is up: on a busy machine one look may take a grace. */
const MIN_SWEEPS = 5;

/** A child to end with its descendants. */
export interface TerminationTarget {
  /** The runtime that started it. */
  readonly runtime: Runtime;
  /** The child; it may have exited, and left others behind. */
  readonly child: ChildProcess;
  /** The marker in the environment of its descendants. */
  readonly marker: string;
  /** The time that each signal is given to work, in ms. */
  readonly graceMs: number;
}

/**
 * Ends a child and its descendants in steps, each with a deadline.
 *
 * SIGINT first, to the child alone: on it the CLI stops its commands and records in
 * the thread that the turn was aborted, which it does on no other signal
 * (facts F15, F20). Then SIGTERM and SIGKILL, to the child and to its descendants,
 * also outside its group or session; they are searched again before each step. It
 * returns after three graces at most: a process can hang in the kernel.
 *
 * If the processes of the system are not shown (systems other than Linux and macOS;
 * Deno without `--allow-all`, on macOS without `--allow-run`), only the child is
 * signalled.
 *
 * @param signals The steps: \`codex app-server\` stops its commands on SIGTERM, and not
 * on SIGINT.
 */
export async function terminate(
  target: TerminationTarget,
  signals: readonly EndingSignal[] = ["SIGINT", "SIGTERM", "SIGKILL"],
): Promise<void> {
  if (target.runtime.platform === "win32") {
    return await terminateOnWindows(target);
  }
  const descendants = new Descendants(target, true);
  // Seen now, they are known also when the one that links them is gone.
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

/** Processes to end while the one that started them goes on. */
export interface MarkedProcesses {
  /** The runtime. */
  readonly runtime: Runtime;
  /** The marker in their environment. */
  readonly marker: string;
  /** How long they may have been there, in ms: older ones stay. */
  readonly maxAgeMs: number;
  /** The time that each signal is given to work, in ms. */
  readonly graceMs: number;
}

/** Ends marked processes that are no older than that, and all that came from them. */
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
      // What was started while the table was read is in the next one.
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

  /** Reads the process table, and gives the living descendants that the system shows. */
  async refresh(): Promise<readonly { readonly pid: number }[]> {
    const { runtime, marker } = this.#target;
    return this.#tree.refresh(await readProcessTable(runtime, marker) ?? []);
  }

  /**
   * Finds the living descendants, and looks twice before it finds none: while the
   * table was read, one may have started another that it does not show, and be gone.
   */
  async findLeft(): Promise<readonly { readonly pid: number }[]> {
    const found = await this.refresh();
    return found.length > 0 ? found : await this.refresh();
  }

  /** Signals the child and, unless with SIGINT, its descendants. */
  async signal(signal: EndingSignal): Promise<void> {
    const { runtime, child } = this.#target;
    const others = signal === "SIGINT" ? [] : await this.refresh();
    if (!this.#childGone) child.kill(signal);
    for (const { pid } of others) runtime.kill(pid, signal);
  }

  /**
   * Waits until all are gone, at most for the grace; tells whether they are. After
   * SIGINT it waits for the child alone: the others have not been signalled. After
   * SIGKILL it also signals those that were started meanwhile.
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
 * Ends the whole tree with Windows' own tool while the child is still there: Windows
 * has no signals, and a child that is gone does not lead to its descendants. So two of
 * the three graces are the tool's.
 *
 * It goes by the ids of parents, which Windows leaves as they are when a parent ends:
 * one whose parent's id was given to a member of the tree is taken for its child.
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

/** Starts Windows' tool on a tree; gives `undefined` where it cannot be: the child alone is ended then. */
async function startTaskkill(
  { runtime, child }: TerminationTarget,
): Promise<ChildProcess | undefined> {
  const program = taskkillPath(runtime);
  try {
    // Asked for first, so that Deno never prompts.
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
 * Gives the path of the system's taskkill: by its bare name Windows would run one in
 * the working directory, where the agent may have put it.
 */
function taskkillPath(runtime: Runtime): string {
  const root = runtime.env("SystemRoot") ?? "C:\\Windows";
  return `${root}\\System32\\taskkill.exe`;
}
