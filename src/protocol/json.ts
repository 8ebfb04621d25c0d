/** A value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | JsonObject;

/** A JSON object: string keys, JSON values. */
export interface JsonObject {
  /** The value under a key. */
  [key: string]: JsonValue;
}
