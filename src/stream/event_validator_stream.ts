import type { ThreadEvent } from "../protocol/events.ts";
import {
  type EventValidatorOptions,
  validateEvent,
} from "./event_validator.ts";
import type { JsonLine } from "./jsonl_decoder.ts";

/**
 * Parses the JSON objects of {@linkcode JsonlDecoderStream} as typed events, as
 * {@linkcode parseThreadEvent} does.
 *
 * @example Read events from bytes
 * ```ts
 * import {
 *   JsonlDecoderStream,
 *   ThreadEventValidatorStream,
 * } from "@acodex/sdk/streams";
 *
 * const bytes = new Blob(['{"type":"error","message":"no route"}\n']).stream();
 * const events = bytes
 *   .pipeThrough(new JsonlDecoderStream())
 *   .pipeThrough(new ThreadEventValidatorStream());
 * for await (const event of events) {
 *   if (event.type === "error") console.log(event.message);
 * }
 * ```
 */
export class ThreadEventValidatorStream
  extends TransformStream<JsonLine, ThreadEvent> {
  /** Creates a validator stream; with `strict` it may fail with a {@linkcode CodexProtocolError}. */
  constructor(options: EventValidatorOptions = {}) {
    super({
      transform(line, controller): void {
        controller.enqueue(
          validateEvent(line.value, line.lineNumber, options),
        );
      },
    });
  }
}
