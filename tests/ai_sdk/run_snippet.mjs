/**
 * Runs a snippet of the page as a user would. A route is called twice by the transport
 * of `useChat`; a program prints its own output. An agent of the Agents SDK that names
 * no model gets one that calls its tool once.
 *
 * @module
 */

import process from "node:process";
import { pathToFileURL } from "node:url";

// In variables, because the project's configurations do not include these packages.
const AI = "ai";
const AGENTS = "@openai/agents";
const ai = await import(AI);
const agents = await import(AGENTS);

agents.setTracingDisabled(true);
agents.setDefaultModelProvider({
  getModel: () => ({
    getResponse: ({ input, tools }) => {
      const result = Array.isArray(input) &&
        input.find(({ type }) => type === "function_call_result");
      const output = result
        ? {
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{
            type: "output_text",
            text: `Tool: ${JSON.stringify(result.output)}`,
          }],
        }
        : {
          type: "function_call",
          callId: "call",
          name: tools[0].name,
          status: "completed",
          arguments: JSON.stringify({ task: "Review" }),
        };
      return { usage: new agents.Usage(), output: [output] };
    },
  }),
});

const { POST, default: app } = await import(
  pathToFileURL(process.argv[2] ?? "").href
);
const answer = POST ?? app?.fetch.bind(app);
if (answer !== undefined) {
  const transport = new ai.DefaultChatTransport({
    api: "http://localhost/api/chat",
    fetch: (url, init) => answer(new Request(url, init)),
  });
  const messages = [];
  for (const text of ["First", "Second"]) {
    messages.push({ role: "user", parts: [{ type: "text", text }] });
    const stream = await transport.sendMessages({
      messages,
      trigger: "submit-message",
    });
    const read = [];
    for await (const message of ai.readUIMessageStream({ stream })) {
      read.push(message);
    }
    messages.push(read.at(-1));
  }
  const texts = messages.map(({ parts }) => parts.at(-1).text);
  process.stdout.write(`${texts.join(", ")}\n`);
}
// Connections that a framework keeps open are not waited for.
process.exit();
