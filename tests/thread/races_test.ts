import { assertEquals } from "@std/assert";
import { completedTurn, printing, say } from "../support/fake_codex.ts";
import { SLEEP } from "../../src/testing/waiting.ts";
import { BEGIN, fakeClient } from "./support.ts";

Deno.test("StreamedTurn causes no unhandled rejection, whenever it is aborted or left", async () => {
  await using fake = await fakeClient(`
prompt=$(cat)
if [ "$prompt" = short ]; then ${printing(...completedTurn("ok"))}; exit 0; fi
${say(...BEGIN)}
exec ${SLEEP}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-check",
      "--config",
      new URL("../../deno.json", import.meta.url).pathname,
      new URL("races.ts", import.meta.url).pathname,
      fake.path,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assertEquals(
    [text.decode(stderr), text.decode(stdout), code],
    ["", "35", 0],
  );
});
