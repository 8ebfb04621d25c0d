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
  /** The channel of the turn. */
  readonly channel: TurnChannel;
  /** Resolves with true once the server has started the turn or refused to; with false if it does not answer. */
  readonly starting: Promise<boolean>;
  /** Milliseconds that each step may take. */
  readonly graceMs: number;
}

/** Milliseconds after which a server elsewhere is asked again for running terminals. */
const SECOND_LOOK_MS = 250;

/** The least time for unloading a thread, in ms; the server is configured to wait 1 s. */
const MIN_UNLOAD_MS = 2000;

/**
 * Stops a turn and the commands that it runs, in steps:
 *
 * 1. Interrupts the turn, once it has begun, and the turns of its agents. Ends the terminals
 *    that its commands still run in, which an interruption leaves, and the processes that
 *    those have detached.
 * 2. If that takes longer than one grace: has the thread unloaded, which ends everything.
 * 3. If that fails, or takes longer than another grace (at least 2 s): ends the server.
 *
 * Other turns continue, except in the last case. For a server elsewhere, detached processes
 * cannot be ended, and the last step ends the connection instead of the server.
 *
 * Resolves once nothing of the turn is running: after four graces at most, two of them for
 * the signals that end the server.
 */
export async function stopTurn(turn: TurnToStop): Promise<void> {
  const { server: { session, threads }, threadId, channel, graceMs } = turn;
  const late = new AbortController();
  const interrupting = interrupt(turn, late.signal);
  if (await withDeadline(interrupting, graceMs) && await interrupting) {
    return await endDetached(turn);
  }
  late.abort();
  // The server has unloaded the thread, with everything that ran in it.
  if (!threads.isLoaded(threadId)) return;
  // A turn that has not begun ends with its thread.
  const whenOver = channel.turnId === undefined
    ? Promise.resolve()
    : channel.whenOver;
  const unloading = Promise.all([threads.unload(threadId), whenOver])
    .then(() => true, () => false);
  const unloadMs = Math.max(graceMs, MIN_UNLOAD_MS);
  if (await withDeadline(unloading, unloadMs) && await unloading) return;
  await session.close({ isStuck: true });
}

/** Ends the turn and its agents, then its terminals; tells whether all of them have ended. */
async function interrupt(
  turn: TurnToStop,
  late: AbortSignal,
): Promise<boolean> {
  const { server: { session }, threadId, channel } = turn;
  const isAnswered = await turn.starting;
  const { turnId } = channel;
  // If refused, nothing is running. Without an answer, a turn of unknown id may be running.
  if (turnId === undefined) return isAnswered;
  await channel.begun;
  if (channel.over === undefined) {
    // The server refuses this if the turn is over by now, which is fine. It also refuses for a
    // review, whose own turn is among the children.
    session.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  }
  await Promise.all([channel.whenOver, session.children.stop(turnId)]);
  // By now, the running terminals may belong to the next turn.
  if (late.aborted || !await endTerminals(turn)) return false;
  // A command that has just begun may not have a terminal yet. On this machine it is found by
  // its marker, elsewhere by a second query.
  if (turn.server.threads.findMarker(threadId) !== undefined) return true;
  await sleep(SECOND_LOOK_MS, late);
  return !late.aborted && await endTerminals(turn);
}

/** Ends the terminals of the turn's commands; tells whether all have ended. */
async function endTerminals(turn: TurnToStop): Promise<boolean> {
  try {
    const open = await listTerminals(turn);
    const ended = await Promise.all(
      open.map((terminal) => endTerminal(turn, terminal)),
    );
    if (ended.includes(undefined)) return false;
    // The items that the server completes at their end belong to the turn.
    const items = ended.flatMap((terminal) => terminal?.itemId ?? []);
    await turn.channel.itemsEnded(items);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends the processes that the turn's commands have detached from any terminal. Those of
 * earlier turns of the thread keep running.
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
 * Lists the terminals that the turn has opened, without those that earlier turns left
 * running. Does not rely on items: a command that has just begun may not have one yet.
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

/** Ends a terminal, and returns it; `undefined` if it could not be ended. */
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
