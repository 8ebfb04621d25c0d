/**
 * Output of the scripts: one place, so that `no-console` can stay on for the rest.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Writes one line to stdout synchronously, so that it stays in order with a child's output. */
export function say(line = ""): void {
  const bytes = encoder.encode(`${line}\n`);
  for (let done = 0; done < bytes.length;) {
    done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}
