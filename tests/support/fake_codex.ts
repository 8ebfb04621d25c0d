/**
 * A stand-in for the CLI, for what the real one will not do on demand: garbage,
 * floods, odd exits, ignored signals. A POSIX shell script, since it starts in a
 * few milliseconds.
 *
 * @module
 */

import { writeProgram } from "./program.ts";

/** A fake CLI, in a folder of its own. */
export interface FakeCodex extends AsyncDisposable {
  /** The program, to be given as `codexPathOverride`. */
  readonly path: string;
  /** Its folder, where its script may leave notes: `$FAKE_HOME` in the script. */
  readonly folder: string;
}

/**
 * Makes a fake CLI of a shell script. The script gets the CLI's arguments, stdin
 * and environment, and `$FAKE_HOME` besides.
 */
export async function fakeCodex(script: string): Promise<FakeCodex> {
  const folder = await Deno.makeTempDir({ prefix: "fake-codex-" });
  const path = `${folder}/codex`;
  await writeProgram(path, `#!/bin/sh\nFAKE_HOME='${folder}'\n${script}\n`);
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

/** The lines of a turn that goes well, as the CLI prints them. */
export function completedTurn(text: string): string[] {
  return [
    '{"type":"thread.started","thread_id":"01a204fd-5d2f-7c33-a821-7f8c92f2a0ef"}',
    '{"type":"turn.started"}',
    JSON.stringify({
      type: "item.completed",
      item: { id: "item_0", type: "agent_message", text },
    }),
    '{"type":"turn.completed","usage":{"input_tokens":10,"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":5,"reasoning_output_tokens":0}}',
  ];
}
