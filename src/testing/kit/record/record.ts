import { type StreamedEvent, withoutDeltas } from "../../../protocol/deltas.ts";
import { currentRuntime } from "../../../runtime/current.ts";
import { reduceTurn } from "../../../turn/reduce.ts";
import { initialTurnState } from "../../../turn/state.ts";
import type { StreamedTurn } from "../../../turn/streamed_turn.ts";
import type { Turn } from "../../../turn/turn.ts";
import { usageBetween } from "../../../turn/usage.ts";
import {
  COMPLETED,
  readEnding,
  type RecordedEvent,
  toRaw,
  writeRecording,
} from "./recording.ts";
import { Scrubber, type ScrubRule } from "./scrub.ts";

/** Options of {@linkcode record}. */
export interface RecordOptions {
  /**
   * Further scrub rules, applied before the built-in ones, which replace the paths of this
   * program and its user, the user's name, ids, and keys of known forms.
   *
   * @default {[]} None
   */
  readonly scrub?: readonly ScrubRule[];
}

/**
 * Runs a streamed turn to its end, and writes it to a file for {@linkcode replay}: the
 * events with their times, and the ending, as JSON lines. Private data is scrubbed; look at
 * the file before you share it.
 *
 * @param streamed The turn; none of its events may have been read yet.
 * @param file The file to write.
 * @returns The turn, not scrubbed.
 * @throws {CodexError} The turn's error, once the file is written.
 *
 * @example Record a turn once
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import { record } from "@acodex/sdk/testing";
 *
 * const thread = new Codex().startThread({ sandboxMode: "read-only" });
 * await record(await thread.runStreamed("List the files"), "files.jsonl");
 * ```
 */
export async function record<T, E extends StreamedEvent>(
  streamed: StreamedTurn<T, E>,
  file: string,
  { scrub = [] }: RecordOptions = {},
): Promise<Turn<T>> {
  const runtime = currentRuntime();
  const begun = performance.now();
  const events: E[] = [];
  const lines: RecordedEvent[] = [];
  let ending = COMPLETED;
  let facts: Pick<Turn, "warnings" | "diagnostics"> = NO_FACTS;
  let usageBefore: Turn["usage"] = null;
  try {
    for await (const event of streamed) {
      const ms = Math.round(performance.now() - begun);
      events.push(event);
      lines.push({ ms, event: toRaw(event) });
    }
    const { result } = streamed;
    facts = result;
    usageBefore = usageBetween(result.turnUsage, result.usage);
    return result;
  } catch (error) {
    ending = readEnding(error);
    if (hasFacts(error)) facts = error;
    throw error;
  } finally {
    const told = withoutDeltas(events).reduce(reduceTurn, initialTurnState());
    const scrubber = new Scrubber(runtime, scrub);
    const text = writeRecording(
      scrubber.scrub({
        recording: 1 as const,
        usageBefore,
        warnings: facts.warnings.filter((each) =>
          !told.warnings.includes(each)
        ),
        diagnostics: facts.diagnostics,
        ending,
      }),
      scrubber.scrub(lines),
    );
    await runtime.writeFile(file, text);
  }
}

const NO_FACTS = { warnings: [], diagnostics: [] };

function hasFacts(
  error: unknown,
): error is Pick<Turn, "warnings" | "diagnostics"> {
  return error instanceof Error && "diagnostics" in error &&
    "warnings" in error;
}
