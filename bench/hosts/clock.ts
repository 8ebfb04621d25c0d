/**
 * A clock that two processes share: the time of day, as finely as
 * `performance.now()` counts it.
 *
 * @module
 */

/** How often the clock is read. */
const TICKS = 12;

/** What has to be added to `performance.now()` for the time of day, in ms. */
export function clockOffset(): number {
  let offset = -Infinity;
  for (let tick = 0; tick < TICKS; tick++) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    // Too small where this process was held up after the tick; never too large.
    offset = Math.max(offset, now - performance.now());
  }
  return offset;
}
