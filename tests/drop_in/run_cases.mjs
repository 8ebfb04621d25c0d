// Uses the official SDK as a program would: runs the turns of each case in
// DROP_IN_CASES, and prints the results as JSON.

import process from "node:process";

// In a variable, because the project's configurations do not include the package.
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

/** Collects the events of a turn. */
async function stream(thread, { input, options }) {
  const { events } = await thread.runStreamed(input, options);
  const taken = [];
  for await (const event of events) taken.push(event);
  return { events: taken };
}

/** Runs a turn and returns its result or error. */
async function outcomeOf(thread, turn) {
  try {
    return await (turn.streamed ? stream : run)(thread, turn);
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
}

/** Creates a thread and runs its turns, one after the other or all at once. */
async function runCase({ client, thread: options, id, turns, atOnce }) {
  try {
    const codex = new Codex(client);
    const thread = id === undefined
      ? codex.startThread(options)
      : codex.resumeThread(id, options);
    const running = [];
    for (const turn of turns) {
      running.push(outcomeOf(thread, turn));
      if (!atOnce) await running.at(-1);
    }
    return { turns: await Promise.all(running), id: thread.id };
  } catch (error) {
    // Failed before the thread was created.
    return { turns: [{ name: error.name, message: error.message }], id: null };
  }
}

const outcomes = [];
for (const each of cases) outcomes.push(await runCase(each));
process.stdout.write(JSON.stringify(outcomes));
