import { CodexInputError } from "../../../errors/codex_error.ts";
import type { ThreadEvent } from "../../../protocol/events.ts";
import { isDelta, type StreamedEvent } from "../../../protocol/deltas.ts";
import { currentRuntime } from "../../../runtime/current.ts";
import { quoted } from "../../../util/text.ts";
import { FakeCodex } from "../fake_codex.ts";
import type { PlayedRequest } from "../play/script.ts";
import { ends, pause, type PlayedStep } from "../play/steps.ts";
import { readRecording, toEnding } from "./recording.ts";

/** Options of {@linkcode replay}. */
export interface ReplayOptions {
  /**
   * `true` to deliver events at their recorded times, rather than at once.
   *
   * @default {false}
   */
  readonly atSpeed?: boolean;
}

/**
 * Creates a {@linkcode Codex} that plays what {@linkcode record} wrote: one turn per file,
 * in order. Each results in the same {@linkcode Turn} or the same error, except for the
 * time that it took. To replay a turn of a resumed thread, resume one, too
 * ({@linkcode Codex.resumeThread}).
 *
 * @param files The recordings; each is read when its turn is requested.
 *
 * @example Replay a recording
 * ```ts
 * import { replay } from "@acodex/sdk/testing";
 *
 * const turn = await replay("files.jsonl").startThread().run("List the files");
 * console.log(turn.items);
 * ```
 */
export function replay(
  files: string | readonly string[],
  { atSpeed = false }: ReplayOptions = {},
): FakeCodex {
  const list = typeof files === "string" ? [files] : files;
  return new FakeCodex(
    list.map((file) => (request: PlayedRequest) =>
      readSteps(file, request, atSpeed)
    ),
  );
}

/** Reads the steps of a recorded turn. */
async function readSteps(
  file: string,
  { threadId }: PlayedRequest,
  atSpeed: boolean,
): Promise<PlayedStep[]> {
  const text = await currentRuntime().readText(file).catch((cause) => {
    throw new CodexInputError(`Cannot read the recording ${quoted(file)}`, {
      path: "file",
      cause,
    });
  });
  const { turn, events } = readRecording(text, file);
  const steps: PlayedStep[] = [{
    play: "batch",
    batch: {
      events: [],
      diagnostics: turn.diagnostics,
      warnings: turn.warnings,
      ...turn.usageBefore === null ? {} : { usageBefore: turn.usageBefore },
    },
  }];
  let at = 0;
  for (const { ms, event } of events) {
    if (atSpeed && ms > at) steps.push(pause(ms - at));
    at = ms;
    if (isDelta(event)) continue;
    steps.push({
      play: "batch",
      batch: { events: [onThread(event, threadId)], diagnostics: [] },
    });
  }
  return [...steps, ends(toEnding(turn.ending))];
}

/** Sets the id of the resumed thread in place of the recorded one. */
function onThread(
  event: Exclude<StreamedEvent, { type: "item.delta" | "turn.diff" }>,
  threadId: string | null,
): ThreadEvent {
  return event.type === "thread.started" && threadId !== null
    ? { ...event, thread_id: threadId }
    : event;
}
