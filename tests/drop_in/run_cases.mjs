// A program of a user of the official SDK: runs the turns of each case that
// DROP_IN_CASES lists, and prints as JSON what came of each.

import process from "node:process";

// In a variable: no configuration of the project has the package.
const SDK = "@openai/codex-sdk";
const { Codex } = await import(SDK);

const cases = JSON.parse(process.env.DROP_IN_CASES);
// The CLI inherits the environment.
delete process.env.DROP_IN_CASES;

/** Runs a turn to its end. */
async function run(thread, { input, options }) {
  const { items, finalResponse, usage } = await thread.run(input, options);
  return { items, finalResponse, usage };
}

/** Takes the events of a turn, one by one. */
async function stream(thread, { input, options }) {
  const { events } = await thread.runStreamed(input, options);
  const taken = [];
  for await (const event of events) taken.push(event);
  return { events: taken };
}

const outcomes = [];
for (const { client, thread: options, id, turns } of cases) {
  const codex = new Codex(client);
  const thread = id === undefined
    ? codex.startThread(options)
    : codex.resumeThread(id, options);
  const outcome = [];
  for (const turn of turns) {
    try {
      outcome.push(await (turn.streamed ? stream : run)(thread, turn));
    } catch (error) {
      outcome.push({
        isError: error instanceof Error,
        message: error.message,
      });
    }
  }
  outcomes.push({ turns: outcome, id: thread.id });
}
console.log(JSON.stringify(outcomes));
