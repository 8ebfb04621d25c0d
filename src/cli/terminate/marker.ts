/** The variable that marks the processes of a turn, or of a server; no filter for secrets removes its name. */
export const MARKER_NAME = "ACODEX_TURN";

/** Makes a marker. No secret, and nothing that costs time: the first look at `crypto` takes Node 4 ms. */
export function randomMarker(): string {
  const digits = (): string =>
    Math.random().toString(36).slice(2).padEnd(11, "0");
  return digits() + digits();
}
