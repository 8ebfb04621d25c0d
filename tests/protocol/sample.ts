/**
 * Samples of what the CLI prints, with wrong values that each field must reject. Their
 * types follow the hand-written ones: a key that is added there, or becomes optional,
 * does not compile until it is tested.
 *
 * @module
 */

import type { JsonValue } from "../../src/protocol/json.ts";

type RequiredKeys<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? never : K;
}[keyof T];
type OptionalKeys<T> = Exclude<keyof T, RequiredKeys<T>>;

/** A kind: a sample with every field, and the values that each field rejects. */
export interface Sample<T> {
  readonly full: Required<T>;
  /** Wrong values of the required fields. */
  readonly required: {
    readonly [K in Exclude<RequiredKeys<T>, "type">]: readonly JsonValue[];
  };
  /** Wrong values of the optional fields; empty if every value is valid. */
  readonly optional: {
    readonly [K in OptionalKeys<T>]: readonly JsonValue[];
  };
}

/** A sample of each kind of a union. */
export type Kinds<Union extends { type: string }> = {
  readonly [K in Union["type"]]: Sample<Extract<Union, { type: K }>>;
};

/** Values that a text field rejects. */
export const NO_TEXT: readonly JsonValue[] = [null, 1, true, {}, ["text"]];
