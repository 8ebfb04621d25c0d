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

/** A fake CLI; disposing it removes its folder. */
export class FakeCodex extends FakeCli implements AsyncDisposable {
  /** Counts how often it was started, if its steps begin with `record`. */
  starts(): number {
    return this.requests.length;
  }

  /** Removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/**
 * Creates a fake CLI from its steps, or from a shell script, which gets the CLI's
 * arguments, stdin and environment, and `$FAKE_HOME`.
 */
export async function fakeCodex(
  steps: string | readonly FakeSteps[],
): Promise<FakeCodex> {
  return new FakeCodex(
    await Deno.makeTempDir({ prefix: "fake-codex-" }),
    makeSteps(steps),
  );
}

/** Returns the steps of a fake CLI; a string is a shell script. */
export function makeSteps(steps: string | readonly FakeSteps[]): FakeSteps {
  return typeof steps === "string" ? script(steps) : steps;
}

/**
 * Returns a piece of a script that waits for a file in the fake's folder. The name may
 * contain variables. Exits with 7 if there is no such file within a minute.
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
 * A piece of a script that runs for more than a minute and handles traps meanwhile,
 * which a shell that waits for a single long command does not.
 */
export const STAYING_AWAKE: string = `tries=0
while [ $tries -lt 5000 ]; do
  tries=$((tries + 1))
  sleep 0.02
done`;

/** Returns a piece of a script that prints lines. */
export function say(...lines: readonly string[]): string {
  return lines.map((line) =>
    `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}'`
  ).join("\n");
}

/** Returns a piece of a script that reads the prompt and prints lines. */
export function printing(...lines: readonly string[]): string {
  return `cat > /dev/null\n${say(...lines)}`;
}
