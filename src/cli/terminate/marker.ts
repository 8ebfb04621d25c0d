import type { ChildEnvironment } from "../../runtime/types.ts";

/**
 * The variable that marks the processes of a turn, or of a server; no filter for secrets
 * removes its name.
 */
export const MARKER_NAME = "ACODEX_TURN";

/**
 * Creates a marker. It is not a secret, and must be quick: the first use of `crypto`
 * takes Node 4 ms.
 */
export function randomMarker(): string {
  const digits = (): string =>
    Math.random().toString(36).slice(2).padEnd(11, "0");
  return digits() + digits();
}

/**
 * Returns an environment with a marker, which the child and all its descendants inherit.
 */
export function withMarker(
  env: ChildEnvironment,
  marker: string,
): ChildEnvironment {
  return { ...env, set: { ...env.set, [MARKER_NAME]: marker } };
}
