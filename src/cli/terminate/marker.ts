import type { ChildEnvironment } from "../../runtime/types.ts";

/** The variable that marks the processes of a turn, or of a server; no filter for secrets removes its name. */
export const MARKER_NAME = "ACODEX_TURN";

/** Makes a marker. No secret, and nothing that costs time: the first look at `crypto` takes Node 4 ms. */
export function randomMarker(): string {
  const digits = (): string =>
    Math.random().toString(36).slice(2).padEnd(11, "0");
  return digits() + digits();
}

/** Gives an environment with a marker: all that a child with it starts inherits that. */
export function withMarker(
  env: ChildEnvironment,
  marker: string,
): ChildEnvironment {
  return { ...env, set: { ...env.set, [MARKER_NAME]: marker } };
}
