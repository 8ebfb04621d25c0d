import { isUnanswered } from "../connection/request_failures.ts";
import type { ServerSession } from "./session.ts";

/**
 * Asks a server elsewhere for a sign of life where it has said nothing for a while, and
 * gives the connection up without one: a machine that is gone closes nothing.
 *
 * @param silenceMs The time after which it is asked, in ms.
 */
export function watchForSilence(
  session: ServerSession,
  silenceMs: number,
): void {
  let heard = session.received;
  let isAsking = false;
  const timer = setInterval(async () => {
    const isSilent = session.received === heard;
    heard = session.received;
    if (!isSilent || isAsking) return;
    isAsking = true;
    try {
      await session.connection.request("account/read", {});
    } catch (error) {
      if (isUnanswered(error) && session.received === heard) {
        await session.close({ isStuck: true });
      }
    } finally {
      isAsking = false;
    }
  }, silenceMs);
  session.ended.then(() => clearInterval(timer));
}
