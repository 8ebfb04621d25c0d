import type { ChildProcess, Runtime } from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { MARKER_NAME } from "./marker.ts";
import {
  PS_COLUMNS,
  PS_ENVIRONMENT,
  PS_FLAGS,
  PS_PROGRAM,
} from "./ps_command.ts";

/** The time that the watchdog has to exit, in milliseconds. */
const LEAVE_MS = 500;

/** The command that lists processes, as shell source. */
const PS = PS_FLAGS.map((flags) =>
  `${PS_PROGRAM} ${flags} ${PS_COLUMNS.join(" ")} 2>/dev/null`
).join(" || ");

/**
 * The shell script. It waits for a line on stdin. If one arrives, the turn is over. If
 * stdin ends without a line, the host is gone, and the script ends the CLI as the host
 * would have: SIGINT, SIGTERM, SIGKILL, then all processes that have the marker, then the
 * temporary folders.
 *
 * It ignores the signals that a terminal sends to every process, so that it can clean up.
 * If the system shows environments in `/proc`, it signals a process only while that has
 * the marker, since its id may belong to another process by then. Otherwise it runs `ps`.
 * A process may have forged a line of the output (see `parsePs`). The script identifies
 * the CLI's descendants by their id and start time, even if their environments are
 * hidden. No argument of its own programs contains the variable with its value: `ps`
 * would show them as marked.
 */
export const WATCHDOG_SCRIPT = `
trap '' INT TERM HUP
read -r line && exit 0
pid=$1 marker=$2 tenths=$3
shift 3
export ${
  Object.entries(PS_ENVIRONMENT).map(([name, value]) => `${name}=${value}`)
    .join(" ")
}
root=$pid known=
members() {
  { ${PS}; } | awk -v marker="$marker" -v root="$root" -v known=" $known " '
    { isMarked = index($0, "${MARKER_NAME}=" marker) }
    $1 !~ /^[0-9]+$/ || $2 !~ /^[0-9]+$/ || $8 !~ /^[0-9]+$/ {
      if (isMarked && last) ours[last] = 1
      next
    }
    { last = ""; lines[$1]++ }
    $3 ~ /^Z/ || $1 < 2 { next }
    { last = $1; id[last] = last "@" $4 $5 $6 $7 $8; parent[last] = $2 }
    isMarked || last == root || index(known, " " id[last] " ") {
      ours[last] = 1
    }
    END {
      do {
        grown = 0
        for (p in id) if (!(p in ours) && parent[p] in ours) grown = ours[p] = 1
      } while (grown)
      for (p in ours) if (lines[p] == 1 && p != root) print id[p]
    }'
}
if [ -r /proc/self/environ ]; then
  others() {
    grep -las "${MARKER_NAME}=$marker" /proc/[0-9]*/environ 2>/dev/null |
      cut -d/ -f3
  }
  ours() {
    kill -0 "$pid" 2>/dev/null || return 1
    grep -qas "${MARKER_NAME}=$marker" "/proc/$pid/environ"
  }
else
  known=$(members | tr '\\n' ' ')
  root=0
  others() { members | cut -d@ -f1; }
  ours() { kill -0 "$pid" 2>/dev/null; }
fi
for signal in INT TERM KILL; do
  ours || break
  kill -s "$signal" "$pid" 2>/dev/null
  left=$tenths
  while [ "$left" -gt 0 ] && ours; do sleep 0.1; left=$((left - 1)); done
done
for signal in TERM KILL; do
  left=$tenths
  while found=$(others) && [ -n "$found" ]; do
    [ "$signal" = KILL ] || [ "$left" -eq "$tenths" ] && kill -s "$signal" $found 2>/dev/null
    [ "$left" -gt 0 ] || break
    sleep 0.1
    left=$((left - 1))
  done
done
for folder; do rm -rf -- "$folder"; done
`;

/** The process and the folders that the watchdog guards. */
export interface Watched {
  /** The CLI's process id. */
  readonly pid: number;
  /** The marker in the environment of its descendants. */
  readonly marker: string;
  /** The time that each signal has to take effect, in milliseconds. */
  readonly graceMs: number;
  /** The temporary folders to remove. */
  readonly folders: readonly string[];
  /**
   * The folder that the CLI starts in; the host's working directory by default, which may
   * be gone.
   */
  readonly cwd?: string | undefined;
}

/**
 * A small shell process that outlives the host, however the host ends: normally, by an
 * uncaught error, or by a signal, even SIGKILL. It then ends the CLI. The host needs no
 * handlers for that, and its own handlers keep working.
 *
 * There is no watchdog on Windows, nor if Deno may not run `/bin/sh`.
 */
export class Watchdog {
  readonly #shell: ChildProcess;

  constructor(shell: ChildProcess) {
    this.#shell = shell;
    shell.stdout.cancel().catch(() => {});
    shell.stderr.cancel().catch(() => {});
  }

  /** Starts a watchdog; returns `undefined` if that is not possible. */
  static async start(
    runtime: Runtime,
    { pid, marker, graceMs, folders, cwd }: Watched,
  ): Promise<Watchdog | undefined> {
    const program = "/bin/sh";
    if (runtime.platform === "win32" || !runtime.mayRun(program)) {
      return undefined;
    }
    const tenths = Math.max(1, Math.ceil(graceMs / 100));
    try {
      return new Watchdog(
        await runtime.spawn({
          program,
          args: [
            ...["-c", WATCHDOG_SCRIPT, "codex-watchdog"],
            ...[String(pid), marker, String(tenths)],
            ...folders,
          ],
          env: { inherit: true, set: {}, unset: [] },
          cwd,
          // Deno kills its children when it ends by an error, except detached ones (facts
          // R14).
          detached: true,
        }),
      );
    } catch {
      return undefined;
    }
  }

  /** Ends the watchdog: the turn is over, and nothing is left to end. */
  async dismiss(): Promise<void> {
    try {
      const { stdin } = this.#shell;
      await stdin.write(new TextEncoder().encode("done\n"));
      await stdin.close();
    } catch {
      // It has already exited.
    }
    if (await withDeadline(this.#shell.exited, LEAVE_MS)) return;
    this.#shell.kill("SIGKILL");
    await withDeadline(this.#shell.exited, LEAVE_MS);
  }
}
