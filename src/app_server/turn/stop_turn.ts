import { endMarked } from "../../cli/terminate/ladder.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { withDeadline } from "../../util/deadline.ts";
import { sleep } from "../../util/sleep.ts";
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
  /** Resolves when the server has answered that it starts the turn, or refused: with false where it has not. */
  readonly starting: Promise<boolean>;
  /** The time that each step is given, in ms. */
  readonly graceMs: number;
}

/** The time after which a server elsewhere is asked again for what still runs, in ms. */
const SECOND_LOOK_MS = 250;

/** The shortest time that unloading a thread is given, in ms: the server takes 1 s, as it is told to. */
const MIN_UNLOAD_MS = 2000;

/**
 * Stops a turn, and the commands that it runs, in steps: interrupts it, once it has begun,
 * and the turns of its agents, and ends the terminals that its commands still run in, which
 * an interruption leaves, and what those have detached; where that is not done in one grace,
 * has its thread unloaded, which takes all of it along; and where even that does not work in
 * another, ends the server. Other turns go on but in the last case. Of a server elsewhere
 * what was detached cannot be ended, and in place of it its connection is.
 *
 * Done when nothing of the turn runs any more, within three graces.
 */
export async function stopTurn(turn: TurnToStop): Promise<void> {
  const { server: { session, threads }, threadId, channel, graceMs } = turn;
  const late = new AbortController();
  const interrupting = interrupt(turn, late.signal);
  if (await withDeadline(interrupting, graceMs) && await interrupting) {
    return await endDetached(turn);
  }
  late.abort();
  // The server has let the thread go, with all that ran in it.
  if (!threads.isLoaded(threadId)) return;
  // One that has not begun goes with its thread.
  const whenOver = channel.turnId === undefined
    ? Promise.resolve()
    : channel.whenOver;
  const unloading = Promise.all([threads.unload(threadId), whenOver])
    .then(() => true, () => false);
  const unloadMs = Math.max(graceMs, MIN_UNLOAD_MS);
  if (await withDeadline(unloading, unloadMs) && await unloading) return;
  await session.close({ isStuck: true });
}

/** Has the turn, its agents and its terminals end one after the other; tells whether they have. */
async function interrupt(
  turn: TurnToStop,
  late: AbortSignal,
): Promise<boolean> {
  const { server: { session }, threadId, channel } = turn;
  const isAnswered = await turn.starting;
  const { turnId } = channel;
  // It was refused: nothing runs. Without an answer it may, under an id that nobody knows.
  if (turnId === undefined) return isAnswered;
  await channel.begun;
  if (channel.over === undefined) {
    // Where the turn is over meanwhile, it is refused: that is what is wanted. So it is for
    // a review, whose own turn is among the children.
    session.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  }
  await Promise.all([channel.whenOver, session.children.stop(turnId)]);
  // What runs by now may be of the next turn.
  if (late.aborted || !await endTerminals(turn)) return false;
  // Of a command that has just begun there may be no terminal yet: on this machine it is
  // found by its marker, elsewhere by another look.
  if (turn.server.threads.findMarker(threadId) !== undefined) return true;
  await sleep(SECOND_LOOK_MS, late);
  return !late.aborted && await endTerminals(turn);
}

/** Ends the terminals of the turn's commands; tells whether none is left. */
async function endTerminals(turn: TurnToStop): Promise<boolean> {
  try {
    const open = await listTerminals(turn);
    const ended = await Promise.all(
      open.map((terminal) => endTerminal(turn, terminal)),
    );
    if (ended.includes(undefined)) return false;
    // What the server tells of them at their end belongs to the turn.
    const items = ended.flatMap((terminal) => terminal?.itemId ?? []);
    await turn.channel.itemsEnded(items);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends what the turn's commands have started and left to itself, outside any terminal;
 * what earlier turns of the thread have left stays.
 */
async function endDetached(
  { server, threadId, channel, graceMs }: TurnToStop,
): Promise<void> {
  const marker = server.threads.findMarker(threadId);
  if (marker === undefined || channel.turnId === undefined) return;
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
