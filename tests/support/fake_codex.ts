/**
 * A fake CLI for one test, and pieces of shell scripts for it.
 *
 * @module
 */

import { FakeCli, type FakeSteps, script } from "../../src/testing/fake.ts";

export { completedTurn } from "../../src/testing/fake.ts";

/** A fake CLI, in a folder of its own. */
export interface FakeCodex extends AsyncDisposable {
  /** The program, to be given as `codexPathOverride`. */
  readonly path: string;
  /** Its folder, where its script may leave notes: `$FAKE_HOME` in the script. */
  readonly folder: string;
}

/**
 * Makes a fake CLI of its steps, or of a shell script, which gets the CLI's
 * arguments, stdin and environment, and `$FAKE_HOME` besides.
 */
export async function fakeCodex(
  steps: string | readonly FakeSteps[],
): Promise<FakeCodex> {
  const folder = await Deno.makeTempDir({ prefix: "fake-codex-" });
  const { path } = new FakeCli(
    folder,
    typeof steps === "string" ? script(steps) : steps,
  );
  return {
    path,
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
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

/** A script that reads the prompt and prints lines as they are. */
export function printing(...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join("");
  return `cat > /dev/null\nprintf '%s' '${text.replaceAll("'", `'\\''`)}'`;
}
