/**
 * A fake CLI for one test, and pieces of shell scripts for it.
 *
 * @module
 */

import { FakeCli, type FakeSteps, script } from "../../src/testing/fake.ts";

export {
  completedTurn,
  print,
  prints,
  printTurn,
  script,
} from "../../src/testing/fake.ts";

/** A fake CLI, whose folder goes with it. */
export class FakeCodex extends FakeCli implements AsyncDisposable {
  /** Counts how often it was started, where its steps begin with `record`. */
  starts(): number {
    return this.requests.length;
  }

  /** Removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/**
 * Makes a fake CLI of its steps, or of a shell script, which gets the CLI's
 * arguments, stdin and environment, and `$FAKE_HOME` besides.
 */
export async function fakeCodex(
  steps: string | readonly FakeSteps[],
): Promise<FakeCodex> {
  return new FakeCodex(
    await Deno.makeTempDir({ prefix: "fake-codex-" }),
    makeSteps(steps),
  );
}

/** Gives the steps of a fake CLI: a text is a shell script. */
export function makeSteps(steps: string | readonly FakeSteps[]): FakeSteps {
  return typeof steps === "string" ? script(steps) : steps;
}

/**
 * A piece of a script that waits until there is a file in its folder, whose name may
 * hold variables; it exits with 7 if there is none within a minute.
 */
export function waitingFor(name: string): string {
  return `tries=0
while [ ! -e "$FAKE_HOME/${name}" ]; do
  tries=$((tries + 1))
  [ $tries -gt 1200 ] && exit 7
  sleep 0.05
done`;
}

/**
 * A piece of a script that stays for longer than a minute, and comes to its traps in
 * between: a shell that waits for a command does not.
 */
export const STAYING_AWAKE: string = `tries=0
while [ $tries -lt 5000 ]; do
  tries=$((tries + 1))
  sleep 0.02
done`;

/** A piece of a script that prints lines. */
export function say(...lines: readonly string[]): string {
  return lines.map((line) =>
    `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}'`
  ).join("\n");
}

/** A piece of a script that reads the prompt and prints lines as they are. */
export function printing(...lines: readonly string[]): string {
  return `cat > /dev/null\n${say(...lines)}`;
}
