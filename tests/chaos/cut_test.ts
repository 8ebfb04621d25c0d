import { assertEquals, assertInstanceOf } from "@std/assert";
import { Codex, CodexExecError, type ThreadEvent } from "../../mod.ts";
import { FakeCli, prints } from "../../src/testing/fake.ts";
import { LINES } from "./support/words.ts";

/** The whole turn. */
const TEXT = LINES.map((line) => `${line}\n`).join("");

/** How many turns run at the same time. */
const AT_ONCE = 8;

/** Only every so many bytes, from a random one on: over some runs, all come up. */
const STEP = 3;

/** Takes a turn whose CLI dies after a number of bytes. */
async function cutTurn(
  folder: string,
  bytes: number,
): Promise<{ events: ThreadEvent[]; error: unknown }> {
  const { path } = new FakeCli(`${folder}/${bytes}`, [
    prints(TEXT.slice(0, bytes)),
    "die KILL",
  ]);
  const codex = new Codex({
    codexPathOverride: path,
    env: { PATH: Deno.env.get("PATH") },
  });
  const streamed = await codex.startThread().runStreamed("Hi");
  const events: ThreadEvent[] = [];
  try {
    for await (const event of streamed.events) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** The types of the events in so many bytes: a line without its end counts if it is whole. */
function typesIn(bytes: number): string[] {
  return TEXT.slice(0, bytes).split("\n").flatMap((line) =>
    LINES.includes(line) ? [JSON.parse(line).type] : []
  );
}

Deno.test("A CLI that dies within an event loses no event before it, wherever that is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chaos-" });
  const first = Math.floor(Math.random() * STEP);
  const offsets: number[] = [];
  for (let bytes = first; bytes <= TEXT.length; bytes += STEP) {
    offsets.push(bytes);
  }
  const work = async (): Promise<void> => {
    for (
      let bytes = offsets.pop();
      bytes !== undefined;
      bytes = offsets.pop()
    ) {
      const { events, error } = await cutTurn(folder, bytes);
      const types = events.map((event) => event.type);
      assertEquals(types, typesIn(bytes), `after ${bytes} bytes`);
      if (types.includes("turn.completed")) {
        assertEquals(error, undefined);
      } else {
        assertInstanceOf(error, CodexExecError);
        assertEquals(error.signal, "SIGKILL");
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
