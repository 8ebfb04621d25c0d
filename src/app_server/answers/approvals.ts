import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { PatchChangeKind } from "../../protocol/items.ts";
import type {
  ApprovalDecision,
  ApprovalOrigin,
  ApprovalRequest,
  ProposedChange,
} from "../approval.ts";
import { text } from "../connection/fields.ts";

/** The item that a request of the server is about, as far as its turn knows it. */
export interface AskedItem {
  /** The item's id in events. */
  readonly id: string;
  /** The item as it was started; `undefined` if it was not started. */
  readonly item: JsonObject | undefined;
}

/** An approval request, and the mapping of its decision. */
export interface AskedApproval {
  /** The request in this package's terms. */
  readonly request: ApprovalRequest;
  /** Maps a decision to the server's form. */
  readonly toResult: (decision: ApprovalDecision) => JsonObject;
  /** True if the server does not end the turn on `cancel`, so that it has to be interrupted. */
  readonly cancelInterrupts: boolean;
}

const COMMAND = "item/commandExecution/requestApproval";
/** The approval request for file changes; the changes are in an item. */
export const FILE_CHANGE = "item/fileChange/requestApproval";
/** The request that carries questions of MCP servers, and approvals of their tools. */
export const ELICITATION = "mcpServer/elicitation/request";

const DECISIONS: readonly ApprovalDecision[] = [
  "accept",
  "acceptForSession",
  "decline",
  "cancel",
];

/** Reads the value that a handler returned; returns `undefined` if it is not a decision. */
export function readDecision(given: unknown): ApprovalDecision | undefined {
  return DECISIONS.find((decision) => decision === given);
}

/**
 * Reads a request of the server as an approval request; returns `undefined` for any other.
 *
 * @param find Finds the item that a request is about.
 */
export function readApproval(
  method: string,
  params: JsonObject,
  find: (params: JsonObject) => AskedItem,
): AskedApproval | undefined {
  switch (method) {
    case COMMAND:
      return readCommand(params, find(params));
    case FILE_CHANGE: {
      const asked = find(params);
      // Nobody can decide on unknown changes.
      return asked.item && readFileChange(params, asked);
    }
    case ELICITATION:
      return readMcpTool(params, find(params));
    default:
      return undefined;
  }
}

/**
 * Returns the answer that declines a request, in the form of its kind; `undefined` for an
 * unknown kind, which has to be refused.
 */
export function makeDecline(method: string): JsonObject | undefined {
  switch (method) {
    case COMMAND:
    case FILE_CHANGE:
      return { decision: "decline" };
    case ELICITATION:
      return { action: "decline" };
    case "item/permissions/requestApproval":
      // This request has no form for "no".
      return { permissions: {} };
    case "item/tool/requestUserInput":
      return { answers: {} };
    case "item/tool/call":
      return {
        contentItems: [{
          type: "inputText",
          text: "The program has no such tool",
        }],
        success: false,
      };
    default:
      return undefined;
  }
}

function readCommand(
  params: JsonObject,
  asked: AskedItem,
): AskedApproval | undefined {
  const { kind = "command", command } = params;
  const network = params.networkApprovalContext;
  const words = text(command);
  const base = readOrigin(params, asked);
  if (kind === "writeStdin") {
    return asDecision({ ...base, type: "terminal_input", input: typed(words) });
  }
  if (kind !== "command") return undefined;
  return asDecision({
    ...base,
    type: "command",
    command: words,
    cwd: text(params.cwd),
    network: isObject(network)
      ? { host: text(network.host), protocol: text(network.protocol) }
      : null,
  });
}

function readFileChange(params: JsonObject, asked: AskedItem): AskedApproval {
  // The request does not hold the changes: they are in the item that was started before it.
  const { changes } = asked.item ?? {};
  return asDecision({
    ...readOrigin(params, asked),
    type: "file_change",
    changes: Array.isArray(changes)
      ? changes.filter(isObject).map(readChange)
      : [],
  });
}

function readChange({ path, kind, diff }: JsonObject): ProposedChange {
  return {
    path: text(path),
    kind: text(isObject(kind) ? kind.type : kind) as PatchChangeKind,
    diff: text(diff),
  };
}

/** Reads a tool's approval request, which arrives as an elicitation (facts A4); `undefined` for another one. */
function readMcpTool(
  params: JsonObject,
  asked: AskedItem,
): AskedApproval | undefined {
  const { _meta: meta, serverName, message } = params;
  if (!isObject(meta) || meta.codex_approval_kind !== "mcp_tool_call") {
    return undefined;
  }
  const hints = isObject(meta.tool_annotations) ? meta.tool_annotations : {};
  return {
    request: {
      ...readOrigin({ ...params, reason: message ?? null }, asked),
      type: "mcp_tool",
      server: text(serverName),
      tool: text(meta.tool_name),
      arguments: meta.tool_params ?? null,
      readOnly: hints.readOnlyHint === true,
      destructive: hints.destructiveHint === true,
    },
    toResult: (decision): JsonObject => {
      switch (decision) {
        case "accept":
          return { action: "accept", content: null };
        case "acceptForSession":
          return {
            action: "accept",
            content: null,
            _meta: { persist: "session" },
          };
        case "decline":
        case "cancel":
          return { action: decision };
      }
    },
    // The server only makes the tool fail.
    cancelInterrupts: true,
  };
}

function asDecision(request: ApprovalRequest): AskedApproval {
  return {
    request,
    toResult: (decision) => ({ decision }),
    cancelInterrupts: false,
  };
}

function readOrigin(params: JsonObject, { id }: AskedItem): ApprovalOrigin {
  const { threadId, turnId, reason } = params;
  return {
    threadId: text(threadId),
    turnId: text(turnId),
    itemId: id,
    reason: typeof reason === "string" ? reason : null,
  };
}

/** Returns the text typed by `write_stdin --session-id 7 'hello'`; any other command unchanged. */
function typed(command: string): string {
  const match = /^write_stdin --session-id \d+ (.*)$/s.exec(command);
  if (match === null) return command;
  const rest = match[1] ?? "";
  // Unquotes it as a shell would: it may be quoted in parts.
  return rest.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single, double, escaped) =>
      single ?? escaped ?? double.replace(/\\(["\\$`])/g, "$1"),
  );
}
