/**
 * A stand-in for the CLI that misbehaves as it is told: `$CHAOS` holds its steps,
 * words that it goes through one by one. A POSIX shell script, so that it starts
 * in a few milliseconds on any system.
 *
 * | step               | what it does                                                   |
 * | ------------------ | -------------------------------------------------------------- |
 * | `read`             | reads stdin to its end; without it, stdin is never read        |
 * | `begin`            | prints thread.started and turn.started                         |
 * | `item`             | prints an agent message                                        |
 * | `completed`        | prints turn.completed                                          |
 * | `failed`           | prints turn.failed                                             |
 * | `unflushed`        | prints turn.completed without the line's end                   |
 * | `broken`           | prints a line that begins as an object and is none             |
 * | `cut:<bytes>`      | prints a whole turn, but no more than this many bytes          |
 * | `long:<bytes>`     | prints a line of this length                                   |
 * | `flood:<bytes>`    | writes so much to stderr                                       |
 * | `noise:<bytes>`    | writes so much to stdout that is no event                      |
 * | `chatter`          | prints messages without end                                    |
 * | `ignore:<signal>`  | ignores a signal, and so does all that it starts from then on  |
 * | `hold:<pipes>`     | starts a process that holds `out`, `err` or `both`             |
 * | `tree`             | starts processes that leave its group and its session          |
 * | `daemon`           | starts one that has forked twice and left the session          |
 * | `bare`             | starts one without environment in a session of its own         |
 * | `swarm`            | starts one that ignores signals and starts others all the time |
 * | `close`            | closes stdout                                                  |
 * | `sleep:<seconds>`  | waits                                                          |
 * | `stay`             | stays for a minute                                             |
 * | `exit:<code>`      | exits                                                          |
 * | `die:<signal>`     | sends itself a signal                                          |
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { completedTurn } from "../../support/fake_codex.ts";

/** The whole turn that the steps print parts of. */
export const LINES: readonly string[] = completedTurn("Hello");

const FAILED = '{"type":"turn.failed","error":{"message":"No luck"}}';

/** Writes the program to a folder, and gives its path. */
export function writeChaosCli(folder: string): string {
  const path = join(folder, "codex");
  writeFileSync(path, SCRIPT, { mode: 0o700 });
  return path;
}

function print(...lines: readonly string[]): string {
  return lines.map((line) => `printf '%s\\n' '${line}'`).join("; ");
}

const SCRIPT = `#!/bin/sh
for step in $CHAOS; do
  value=\${step#*:}
  case $step in
    read) cat > /dev/null ;;
    begin) ${print(...LINES.slice(0, 2))} ;;
    item) ${print(...LINES.slice(2, 3))} ;;
    completed) ${print(...LINES.slice(3))} ;;
    failed) ${print(FAILED)} ;;
    unflushed) printf '%s' '${LINES[3]}' ;;
    broken) ${print('{"type": turn.started}')} ;;
    cut:*) { ${print(...LINES)}; } | head -c "$value" ;;
    long:*) printf '{"type":"'; head -c "$value" /dev/zero | tr '\\0' x ;;
    flood:*) head -c "$value" /dev/zero >&2 ;;
    noise:*) yes 'no event' | head -c "$value" ;;
    chatter) while :; do ${print(...LINES.slice(2, 3))}; done ;;
    ignore:*) trap '' "$value" ;;
    hold:out) sleep 61 2> /dev/null & ;;
    hold:err) sleep 61 > /dev/null & ;;
    hold:both) sleep 61 & ;;
    tree)
      sh -c 'sleep 61 & setsid sleep 61 & setsid sh -c "sleep 61 & sleep 61" & wait' &
      setsid sleep 61 & ;;
    daemon) (setsid sh -c 'sleep 61 > /dev/null 2>&1 &' &) ;;
    bare) env -i setsid "$(command -v sleep)" 61 & ;;
    swarm) (trap '' INT TERM; while :; do sleep 61 & sleep 0.02; done) > /dev/null 2>&1 & ;;
    close) exec 1>&- ;;
    sleep:*) sleep "$value" ;;
    stay) exec sleep 61 ;;
    exit:*) exit "$value" ;;
    die:*) kill -s "$value" $$ ;;
    *) echo "no such step: $step" >&2; exit 99 ;;
  esac
done
`;
