/**
 * Asks in the terminal before each command and each file change:
 * `deno run -A examples/approve.ts "Fix the failing test"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { type ApprovalRequest, CodexAppServer } from "@acodex/sdk/app-server";

const [task = "Fix the failing test"] = Deno.args;
const codex = new CodexAppServer();
try {
  const thread = codex.startThread({
    sandboxMode: "read-only",
    onApproval: (request) => {
      console.log(visible(describe(request)));
      return confirm("Allow it?") ? "accept" : "decline";
    },
  });
  const turn = await thread.run(task);
  console.log(turn.finalResponse);
} finally {
  await codex.close();
}

/** Describes a request. */
function describe(request: ApprovalRequest): string {
  switch (request.type) {
    case "command":
      return `$ ${request.command}`;
    case "terminal_input":
      return `typing ${JSON.stringify(request.input)}`;
    case "file_change":
      return request.changes.map(({ path, diff }) => `${path}\n${diff}`)
        .join("\n");
    case "mcp_tool":
      return `${request.server}.${request.tool} ${
        JSON.stringify(request.arguments)
      }`;
  }
}

/** Escapes control characters, with which a request could disguise itself as another. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n\t]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
