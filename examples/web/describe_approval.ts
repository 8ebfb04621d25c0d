/** Describes approval requests as text. @module */

import type { ApprovalRequest } from "@acodex/sdk/app-server";
import type { Approval } from "./messages.ts";

/** Describes a request. */
export function describeApproval(request: ApprovalRequest): Approval {
  const [title, detail] = readRequest(request);
  const { reason } = request;
  return {
    title,
    detail: visible(detail),
    reason: reason === null ? null : visible(reason),
    state: "asked",
  };
}

function readRequest(request: ApprovalRequest): [title: string, text: string] {
  switch (request.type) {
    case "command":
      return request.network === null
        ? ["Run a command outside the sandbox?", request.command]
        : [
          "Reach the network?",
          `${request.network.protocol}://${request.network.host}\n${request.command}`,
        ];
    case "terminal_input":
      return ["Type into a command?", JSON.stringify(request.input)];
    case "file_change":
      return [
        "Change files?",
        request.changes.map(({ path, kind, diff }) =>
          `${kind} ${path}\n${diff}`
        ).join("\n"),
      ];
    case "mcp_tool":
      return [
        `Call ${visible(`${request.server}.${request.tool}`)}?`,
        JSON.stringify(request.arguments, null, 2),
      ];
  }
}

/** Escapes characters that change how a text looks, so that a command cannot disguise itself. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n\t]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
