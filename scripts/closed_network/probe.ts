/**
 * Finds out whether JSR answers.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";

/** How long JSR may stay silent. */
const SILENCE_MS = 3_000;

/** How long the whole probe may take, however lively: it downloads on the first run. */
const TOTAL_MS = 60_000;

/**
 * Tells whether Deno can load `specifiers` (`jsr:…`), by letting it try.
 *
 * Deno itself is asked, rather than an address fetched, so that everything
 * counts that counts later: `JSR_URL`, proxies, certificates, and packages that
 * already lie in Deno's cache. It prints a line for each download, so silence
 * tells a dead network from a slow one.
 */
export async function jsrAnswers(
  specifiers: string[],
  { silenceMs = SILENCE_MS, totalMs = TOTAL_MS, env = {} }: {
    /** @default {3000} */
    silenceMs?: number;
    /** @default {60000} */
    totalMs?: number;
    /** Added to the environment. @default {{}} */
    env?: Record<string, string>;
  } = {},
): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", ...specifiers],
    cwd: ROOT_URL,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();

  const stop = () => {
    try {
      child.kill("SIGKILL");
    } catch { /* it has just ended by itself */ }
  };
  const total = setTimeout(stop, totalMs);
  let silence = setTimeout(stop, silenceMs);
  try {
    for await (const _ of child.stderr) {
      clearTimeout(silence);
      silence = setTimeout(stop, silenceMs);
    }
    return (await child.status).success;
  } finally {
    clearTimeout(silence);
    clearTimeout(total);
  }
}
