import type { ThreadEvent } from "../protocol/events.ts";
import {
  type EventValidatorOptions,
  validateEvent,
} from "./event_validator.ts";
import type { JsonLine } from "./jsonl_decoder.ts";

/**
 * Turns the JSON objects of {@linkcode JsonlDecoderStream} into typed events, as
 * {@linkcode parseThreadEvent} does.
 *
 * @example From bytes to events
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
  /** Makes a validator stream; `strict` ends it with a {@linkcode CodexProtocolError}. */
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
