/**
 * Samples with other values in some of their places, the same ones for the same seed.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";
import type { Sample } from "./sample.ts";

/**
 * Possible values of a place: all of JSON's kinds, numbers beyond a double, and strings
 * of the protocol.
 */
const VALUES: readonly (JsonValue | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1.5,
  1e308 * 10,
  -1e308 * 10,
  "",
  "text",
  [],
  [null],
  [[]],
  {},
  { type: "text" },
  { message: "text" },
  { content: [] },
  { length: 0 },
  { constructor: 1, valueOf: null },
  ...["in_progress", "completed", "failed", "declined", "Completed"],
  ...["add", "delete", "update", "rename"],
  ...Object.keys(ITEM_SAMPLES),
];

/** A place: an object or array, and a key that it has or might have. */
type Place = readonly [{ [key: string]: JsonValue | undefined }, string];

/** Yields the sample with each value in each of its places, one at a time. */
export function* changedInOnePlace(
  sample: Sample<unknown>,
): Generator<JsonObject, void> {
  const count = placesIn(sample.full).length;
  for (let index = 0; index < count; index++) {
    for (const value of VALUES) {
      const changed = copySample(sample);
      put(placesIn(changed)[index], value);
      yield changed;
    }
  }
}

/** Returns the sample with one to four of its places changed. */
export function changedAtRandom(
  sample: Sample<unknown>,
  seed: number,
): JsonObject {
  const random = randomNumbers(seed);
  const changed = copySample(sample);
  for (let count = 1 + random(4); count > 0; count--) {
    const places = placesIn(changed);
    put(places[random(places.length)], VALUES[random(VALUES.length)]);
  }
  return changed;
}

/** Copies the full value of a sample. */
export function copySample({ full }: Sample<unknown>): JsonObject {
  return structuredClone(full) as JsonObject;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const container = value as Place[0];
  return [...Object.keys(container), "text", "message"].flatMap((key) => [
    [container, key] as const,
    ...placesIn(container[key]),
  ]);
}

/** Puts a value into a place, or removes the key if the value is `undefined`. */
function put(place: Place | undefined, value: JsonValue | undefined): void {
  if (place === undefined) return;
  const [container, key] = place;
  if (value === undefined) delete container[key];
  else container[key] = structuredClone(value);
}
