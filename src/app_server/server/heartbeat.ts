import { isUnanswered } from "../connection/request_failures.ts";
import type { ServerSession } from "./session.ts";

/**
 * Pings a server elsewhere that has been silent for a while, and closes the connection if
 * it does not answer: a machine that has gone down does not close its connections.
 *
 * @param silenceMs Milliseconds of silence after which the server is pinged.
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
