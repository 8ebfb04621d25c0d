// deno-lint-ignore-file no-console
// Uses a server elsewhere, on any runtime: runs one turn after the other, and prints
// each result as JSON.
import process from "node:process";
import { CodexAppServer } from "@acodex/sdk/app-server";

const { connect, token, thread: options } = JSON.parse(process.argv[2]);
const say = (value) => console.log(JSON.stringify(value));

/** Runs a turn; prints when it runs a command, and its result. */
async function run(thread, prompt) {
  try {
    const streamed = await thread.runStreamed(prompt);
    for await (const event of streamed.events) {
      if (event.type === "item.started") say("running");
    }
    say(streamed.result.finalResponse);
  } catch (error) {
    say([error.code, error.reason ?? error.path]);
  }
}

const codex = new CodexAppServer({ connect, token });
const thread = codex.startThread(options);
await run(thread, "Hi");
await run(thread, "Sleep, and lose the connection");
await run(thread, "Go on");
await run(thread, "Sleep, and lose the server");
await run(thread, "Go on with another one");
await codex.close();
const wrong = new CodexAppServer({ connect, token: `${token}-no` });
await run(wrong.startThread(options), "Hi");
// Not closed: the process exits anyway.
await run(new CodexAppServer({ connect, token }).startThread(options), "Bye");
