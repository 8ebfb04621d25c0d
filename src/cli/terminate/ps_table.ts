import type { ChildProcess, Runtime } from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { MARKER_NAME } from "./marker.ts";
import type { ProcessEntry } from "./process_tree.ts";
import {
  PS_COLUMNS,
  PS_ENVIRONMENT,
  PS_FLAGS,
  PS_PROGRAM,
} from "./ps_command.ts";

/** The time limit for `ps`, in milliseconds; it only guards against hanging. */
const MAX_PS_MS = 5000;

/**
 * Matches a line: the ids of a process and its parent, its state, its start in five
 * words, then its arguments and environment.
 */
const LINE =
  /^ *(\d+) +(\d+) +(\S+) +(\w+ +\w+ +\d+ +\d+:\d+:\d+ +\d+)(?: (.*))?$/;

/**
 * The lowest id of a process that may be signalled: 1 starts all processes, and 0 means a
 * group.
 */
const MIN_PID = 2;

/**
 * Lists the living processes by `ps`; returns `undefined` if it cannot be run. macOS
 * hides the environments of its own programs, so these have no marker.
 */
export async function readPsTable(
  runtime: Runtime,
  marker: string,
): Promise<ProcessEntry[] | undefined> {
  // Without this permission Deno signals no process that is not its child (facts R16).
  if (!runtime.mayRun()) return undefined;
  for (const flags of PS_FLAGS) {
    const listed = await runPs(runtime, flags);
    if (listed === undefined) continue;
    return parsePs(listed.text, marker)
      .filter(({ pid }) => pid !== listed.pid);
  }
  return undefined;
}

/**
 * Parses the output of `ps`. An argument may contain a new line, and so forge a line. If
 * a process has two lines, neither counts, so that nobody can make another process appear
 * to be a member.
 */
export function parsePs(text: string, marker: string): ProcessEntry[] {
  const entries = new Map<number, ProcessEntry | undefined>();
  for (const line of joinLines(text)) {
    const [, id = "", parent = "", state = "", startTime = "", rest = ""] =
      LINE.exec(line) ?? [];
    const pid = Number(id);
    if (pid < MIN_PID) continue;
    const isLiving = !entries.has(pid) && !state.startsWith("Z");
    const marked = hasMark(rest, `${MARKER_NAME}=${marker}`);
    const entry = { pid, parentPid: Number(parent), startTime, marked };
    entries.set(pid, isLiving ? entry : undefined);
  }
  return [...entries.values()].filter((entry) => entry !== undefined);
}

/**
 * Joins each line with the following lines that do not begin a process: they continue its
 * arguments and environment.
 */
function joinLines(text: string): string[] {
  const joined: string[] = [];
  for (const line of text.split("\n")) {
    if (LINE.test(line)) joined.push(line);
    else if (joined.length > 0) joined.push(`${joined.pop()} ${line}`);
  }
  return joined;
}

/**
 * Tells whether arguments and environment contain a mark, alone or followed by a dot and
 * more text.
 */
function hasMark(text: string, mark: string): boolean {
  return ` ${text} `.split(` ${mark}`).slice(1)
    .some((after) => after.startsWith(" ") || after.startsWith("."));
}

/**
 * Converts the start of a process to the time since then, in milliseconds: at most one
 * second too little.
 */
export function psAge(startTime: string): number {
  return Date.now() - Date.parse(`${startTime} UTC`) - 1000;
}

/** The output of `ps`, and its own process id. */
interface Listed {
  readonly text: string;
  readonly pid: number;
}

async function runPs(
  runtime: Runtime,
  flags: string,
): Promise<Listed | undefined> {
  let ps: ChildProcess;
  try {
    ps = await runtime.spawn({
      program: PS_PROGRAM,
      args: [flags, ...PS_COLUMNS],
      env: { inherit: true, set: PS_ENVIRONMENT, unset: [] },
      // The host's working directory may be gone.
      cwd: "/",
    });
  } catch {
    return undefined;
  }
  const { pid, stdin, stdout, stderr } = ps;
  let text = "";
  const reading = async (): Promise<boolean> => {
    const decoder = new TextDecoder();
    await Promise.all([stdin.close(), stderr.cancel()]);
    for (let chunk = await stdout.read(); chunk; chunk = await stdout.read()) {
      text += decoder.decode(chunk, { stream: true });
    }
    const { exitCode } = await ps.exited;
    // Since nobody reads its stderr, `ps` of Linux exits with 0 even if it fails.
    return exitCode === 0 && text !== "";
  };
  const read = reading().catch(() => false);
  const isInTime = await withDeadline(read, MAX_PS_MS);
  if (isInTime && await read) return { text, pid };
  ps.kill("SIGKILL");
  await stdout.cancel().catch(() => {});
  return undefined;
}
