import { endMarked } from "../../cli/terminate/ladder.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { withDeadline } from "../../util/deadline.ts";
import type { RunningServer } from "../server/app_server.ts";
import type { TurnChannel } from "./turn_channel.ts";
import type { ClientRequests } from "../connection/wire.ts";

/** A turn to stop. */
export interface TurnToStop {
  /** The server that it runs on. */
  readonly server: RunningServer;
  /** Its thread. */
  readonly threadId: string;
  /** What it hears. */
  readonly channel: TurnChannel;
  /** Settles when the server has answered that it starts the turn, or refused. */
  readonly starting: Promise<unknown>;
  /** The time that each step is given, in ms. */
  readonly graceMs: number;
}

/**
 * Stops a turn, and the commands that it runs, in steps with deadlines: interrupts it, once
 * it has begun; ends the terminals that its commands still run in, which an interruption
 * leaves, and what those have detached; where that is not enough, has its thread unloaded, which takes all of it along;
 * and where even that does not work, ends the server. Other turns go on but in the last case.
 *
 * Done when nothing of the turn runs any more, after three graces at most before the last step.
 */
export async function stopTurn(turn: TurnToStop): Promise<void> {
  const { server, threadId, channel, graceMs } = turn;
  const { connection } = server.session;
  const hasStarted = await withDeadline(turn.starting, graceMs);
  const { turnId } = channel;
  // It was refused: nothing runs.
  if (hasStarted && turnId === undefined) return;
  if (turnId !== undefined && channel.over === undefined) {
    await withDeadline(channel.begun, graceMs);
    if (channel.over === undefined) {
      // Where the turn is over meanwhile, it is refused: that is what is wanted.
      connection.request("turn/interrupt", { threadId, turnId }).catch(
        () => {},
      );
      await withDeadline(channel.whenOver, graceMs);
    }
  }
  if (channel.over !== undefined && await endTerminals(turn)) {
    return await endDetached(turn);
  }
  const unloading = server.threads.unload(threadId).catch(() => {});
  if (await withDeadline(unloading, UNLOAD_MS + graceMs)) {
    await withDeadline(channel.whenOver, 0);
    if (channel.over !== undefined || !hasStarted) return;
  }
  await server.session.close();
}

/** The time that the server takes to let a thread go, in ms, as it is told to. */
const UNLOAD_MS = 1000;

/** Ends the terminals of the turn's commands; tells whether none is left. */
async function endTerminals(turn: TurnToStop): Promise<boolean> {
  const ending = listTerminals(turn).then((open) =>
    Promise.all(open.map((terminal) => endTerminal(turn, terminal)))
  ).catch(() => [undefined]);
  if (!await withDeadline(ending, turn.graceMs)) return false;
  const ended = await ending;
  if (ended.includes(undefined)) return false;
  // What the server tells of them at their end belongs to the turn.
  const items = ended.flatMap((terminal) => terminal?.itemId ?? []);
  return await withDeadline(turn.channel.itemsEnded(items), turn.graceMs);
}

/**
 * Ends what the turn's commands have started and left to itself, outside any terminal;
 * what earlier turns of the thread have left stays.
 */
async function endDetached(
  { server, threadId, channel, graceMs }: TurnToStop,
): Promise<void> {
  const marker = server.threads.markerOf(threadId);
  if (marker === undefined) return;
  await endMarked({
    runtime: currentRuntime(),
    marker,
    maxAgeMs: channel.ageMs,
    graceMs,
  });
}

/** A terminal in which a command runs. */
type Terminal = ClientRequests["thread/backgroundTerminals/list"]["result"][
  "data"
][number];

/**
 * Lists the terminals that the turn has opened: not those that earlier turns have left
 * running. Of a command that has just begun, no item may have come yet.
 */
async function listTerminals(
  { server, threadId }: TurnToStop,
): Promise<Terminal[]> {
  const { data } = await server.session.connection.request(
    "thread/backgroundTerminals/list",
    { threadId },
  );
  return data.filter(({ processId }) =>
    !server.threads.isKept(threadId, processId)
  );
}

/** Ends a terminal, and gives it; nothing if it could not be ended. */
async function endTerminal(
  { server, threadId }: TurnToStop,
  terminal: Terminal,
): Promise<Terminal | undefined> {
  const { processId } = terminal;
  const { terminated } = await server.session.connection.request(
    "thread/backgroundTerminals/terminate",
    { threadId, processId },
  );
  return terminated ? terminal : undefined;
}
