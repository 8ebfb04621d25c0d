import { assertEquals, assertInstanceOf } from "@std/assert";
import { Codex, CodexExecError, type ThreadEvent } from "../../mod.ts";
import { FakeCli, prints } from "../../src/testing/fake.ts";
import { LINES } from "./support/words.ts";

/** The output of the whole turn. */
const TEXT = LINES.map((line) => `${line}\n`).join("");

/** The number of turns that run at the same time. */
const AT_ONCE = 8;

/** The step between tested offsets, from a random first one: several runs together test all. */
const STEP = 3;

/** Runs a turn whose CLI dies after a number of bytes. */
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

/** Returns the types of the events in the first `bytes`; a complete line counts even without its line end. */
function typesIn(bytes: number): string[] {
  return TEXT.slice(0, bytes).split("\n").flatMap((line) =>
    LINES.includes(line) ? [JSON.parse(line).type] : []
  );
}

Deno.test("A CLI that dies within an event loses none of the events before it, at whatever byte", async () => {
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
