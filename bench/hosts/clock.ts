/**
 * A clock that two processes share: the time of day, with the resolution of
 * `performance.now()`.
 *
 * @module
 */

/** The number of times that the clock is read. */
const TICKS = 12;

/** Measures the offset from `performance.now()` to the time of day, in ms. */
export function clockOffset(): number {
  let offset = -Infinity;
  for (let tick = 0; tick < TICKS; tick++) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    // Too small if this process was delayed after the tick, and never too large.
    offset = Math.max(offset, now - performance.now());
  }
  return offset;
}
