/** A turn that is cancelled, or whose CLI crashes, and the processes and files that remain. @module */

import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import {
  BEAT,
  beats,
  fakeClient,
  finish,
  setting,
  show,
  sleep,
  whenBothRun,
} from "./support.mjs";

const controller = new AbortController();
const turn = fakeClient({ shutdownGraceMs: setting.graceMs ?? 2000 })
  .startThread({ skipGitRepoCheck: true }).run(setting.prompt, {
    signal: controller.signal,
    outputSchema: {
      type: "object",
      properties: {},
      additionalProperties: false,
    },
  }).then(() => ({}), show);
let begun = Date.now();
if (!setting.prompt.startsWith("CRASH")) {
  await whenBothRun();
  begun = Date.now();
  controller.abort();
}
const error = await turn;
const tookMs = Date.now() - begun;
const before = [beats(), beats(`${BEAT}.child`)];
await sleep(500);
const after = [beats(), beats(`${BEAT}.child`)];
finish({
  error,
  tookMs,
  runs: { cli: after[0] > before[0], child: after[1] > before[1] },
  files: readdirSync(tmpdir()).filter((name) => name.startsWith("codex-")),
});
