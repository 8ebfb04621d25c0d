import { assertEquals, assertInstanceOf } from "@std/assert";
import { Codex, CodexExecError, type ThreadEvent } from "../../mod.ts";
import { LINES, writeChaosCli } from "./support/chaos_cli.ts";

/** How many turns run at the same time. */
const AT_ONCE = 8;

/** Only every so many bytes, from a random one on: over some runs, all come up. */
const STEP = 3;

/** Takes a turn whose CLI dies after a number of bytes. */
async function cutTurn(
  program: string,
  bytes: number,
): Promise<{ events: ThreadEvent[]; error: unknown }> {
  const codex = new Codex({
    codexPathOverride: program,
    env: { PATH: Deno.env.get("PATH"), CHAOS: `cut:${bytes} die:KILL` },
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
  const text = LINES.map((line) => `${line}\n`).join("");
  const kept = new TextEncoder().encode(text).slice(0, bytes);
  return new TextDecoder().decode(kept).split("\n").flatMap((line) =>
    LINES.includes(line) ? [JSON.parse(line).type] : []
  );
}

Deno.test("A CLI that dies within an event loses no event before it, wherever that is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chaos-" });
  const program = writeChaosCli(folder);
  const length = LINES.reduce((sum, line) => sum + line.length + 1, 0);
  const first = Math.floor(Math.random() * STEP);
  const offsets: number[] = [];
  for (let bytes = first; bytes <= length; bytes += STEP) offsets.push(bytes);
  const work = async (): Promise<void> => {
    for (
      let bytes = offsets.pop();
      bytes !== undefined;
      bytes = offsets.pop()
    ) {
      const { events, error } = await cutTurn(program, bytes);
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
