// The part of @std/streams that is used here, with the signature of the real package.

/** Splits a text stream into lines. */
export class TextLineStream extends TransformStream<string, string> {
  constructor(options?: { allowCR?: boolean });
}
