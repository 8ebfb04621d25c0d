import type { ChildProcess, Runtime } from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { MARKER_NAME } from "./process_table.ts";

/** How long the watchdog may take to leave, in ms. */
const LEAVE_MS = 500;

/**
 * Waits for a word on stdin. If one comes all is well; if stdin just ends, the host
 * is gone, and the CLI is ended as the host would have: SIGINT, SIGTERM, SIGKILL,
 * then all that carries the marker, then the temporary folders.
 *
 * Signals that a terminal sends to everybody must not end the one that cleans up.
 * A process is signalled only while it carries the marker, where the system tells:
 * by then its id may be another's.
 */
const SCRIPT = `
trap '' INT TERM HUP
read -r line && exit 0
pid=$1 marker=$2 tenths=$3
shift 3
marked() { grep -las "$marker" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
ours() {
  kill -0 "$pid" 2>/dev/null || return 1
  [ ! -r /proc/self/environ ] || grep -qas "$marker" "/proc/$pid/environ"
}
for signal in INT TERM KILL; do
  ours || break
  kill -s "$signal" "$pid" 2>/dev/null
  left=$tenths
  while [ "$left" -gt 0 ] && ours; do sleep 0.1; left=$((left - 1)); done
done
for signal in TERM KILL; do
  left=$tenths
  while others=$(marked) && [ -n "$others" ]; do
    [ "$signal" = KILL ] || [ "$left" -eq "$tenths" ] && kill -s "$signal" $others 2>/dev/null
    [ "$left" -gt 0 ] || break
    sleep 0.1
    left=$((left - 1))
  done
done
for folder; do rm -rf -- "$folder"; done
`;

/** What the watchdog looks after. */
export interface Watched {
  /** The CLI. */
  readonly pid: number;
  /** The marker in the environment of all that came from it. */
  readonly marker: string;
  /** How long each signal is given to work, in ms. */
  readonly graceMs: number;
  /** Temporary folders to be removed. */
  readonly folders: readonly string[];
  /** The folder that the CLI starts in, if it is not the host's own: that may be gone. */
  readonly cwd?: string | undefined;
}

/**
 * A small shell process that outlives the host, however the host ends: by itself,
 * by an uncaught error, by a signal, even SIGKILL. It ends the CLI then. The host
 * needs no handlers for that, and its own keep their meaning.
 *
 * There is none on Windows, nor where Deno may not run `/bin/sh`.
 */
export class Watchdog {
  readonly #shell: ChildProcess;

  constructor(shell: ChildProcess) {
    this.#shell = shell;
    shell.stdout.cancel().catch(() => {});
    shell.stderr.cancel().catch(() => {});
  }

  /** Sets a watchdog; nothing where there can be none. */
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
            ...["-c", SCRIPT, "codex-watchdog"],
            ...[String(pid), `${MARKER_NAME}=${marker}`, String(tenths)],
            ...folders,
          ],
          env: { inherit: true, set: {}, unset: [] },
          cwd,
          // Deno kills its children when it ends by an error, but not these (facts R14).
          detached: true,
        }),
      );
    } catch {
      return undefined;
    }
  }

  /** Sends it home: the turn is over and nothing is left. */
  async dismiss(): Promise<void> {
    try {
      const { stdin } = this.#shell;
      await stdin.write(new TextEncoder().encode("done\n"));
      await stdin.close();
    } catch {
      // It is gone already.
    }
    if (await withDeadline(this.#shell.exited, LEAVE_MS)) return;
    this.#shell.kill("SIGKILL");
    await withDeadline(this.#shell.exited, LEAVE_MS);
  }
}
