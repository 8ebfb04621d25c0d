/** Turns of the real CLI. @module */

import { Codex } from "@acodex/sdk";
import { CodexSync } from "@acodex/sdk/sync";
import { at, BEAT, beats, finish, setting, show, sleep } from "./support.mjs";

const options = { ...setting.codexOptions, codexPathOverride: setting.codex };
const inFolder = {
  skipGitRepoCheck: true,
  workingDirectory: at("im g", "ünï"),
  sandboxMode: "danger-full-access",
};
const results = {};
const thread = new Codex(options).startThread(inFolder);
const first = await thread.run('Hello\r\nsecond "quoted" line ü').catch(show);
results.first = first.finalResponse ?? first;
const outputSchema = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};
const second = await thread.run("JSON", { outputSchema }).catch(show);
results.second = second.finalResponse ?? second;

// The command is the fake CLI, as a process that keeps running.
const controller = new AbortController();
const cancelled = thread.run("COMMAND", { signal: controller.signal })
  .then(() => ({}), show);
for (let tries = 0; tries < 1200 && beats() === 0; tries++) await sleep(50);
results.commandRan = beats(BEAT) > 0;
const begun = Date.now();
controller.abort();
results.cancelled = await cancelled;
results.tookMs = Date.now() - begun;
const before = beats();
await sleep(500);
results.commandRuns = beats() > before;

const third = await thread.run("And now?").catch(show);
results.third = third.finalResponse ?? third;
try {
  results.blocking = new CodexSync(options).startThread(inFolder).run("Hello")
    .finalResponse;
} catch (error) {
  results.blocking = show(error);
}
finish(results);
