/**
 * The messages of `codex app-server` that are written and read, compared with the types that
 * a CLI generates.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";

/** The requests of the client, with the CLI's name of each response. */
export const REQUESTS: { readonly [method: string]: string | null } = {
  "initialize": "InitializeResponse",
  "account/read": "v2/GetAccountResponse",
  "account/login/start": null,
  "config/read": "v2/ConfigReadResponse",
  "thread/start": "v2/ThreadStartResponse",
  "thread/resume": "v2/ThreadResumeResponse",
  "thread/fork": "v2/ThreadForkResponse",
  "thread/list": "v2/ThreadListResponse",
  "thread/read": "v2/ThreadReadResponse",
  "thread/name/set": null,
  "thread/archive": null,
  "thread/unarchive": null,
  "thread/delete": null,
  "thread/compact/start": null,
  "model/list": "v2/ModelListResponse",
  "account/rateLimits/read": "v2/GetAccountRateLimitsResponse",
  "thread/unsubscribe": null,
  "thread/turns/list": "v2/ThreadTurnsListResponse",
  "thread/backgroundTerminals/list": "v2/ThreadBackgroundTerminalsListResponse",
  "thread/backgroundTerminals/terminate":
    "v2/ThreadBackgroundTerminalsTerminateResponse",
  "turn/start": "v2/TurnStartResponse",
  "review/start": "v2/ReviewStartResponse",
  "turn/steer": "v2/TurnSteerResponse",
  "turn/interrupt": null,
};

/** The requests without parameters; an empty object is sent anyway. */
const WITHOUT_PARAMS: ReadonlySet<string> = new Set([
  "account/rateLimits/read",
]);

/** The part of each notification that the code reads, as a type. */
export const NOTIFICATIONS: { readonly [method: string]: string } = {
  "turn/started": "{ threadId: string; turn: { id: string } }",
  "turn/completed": `{
    threadId: string;
    turn: {
      id: string;
      status: "completed" | "interrupted" | "failed" | "inProgress";
      items: readonly { id: string; type: string }[];
      error: { message: string; additionalDetails: string | null } | null;
    };
  }`,
  "item/started": "Item",
  "item/completed": "Item",
  "item/agentMessage/delta": "Piece",
  "item/plan/delta": "Piece",
  "item/reasoning/summaryTextDelta": "Piece",
  "item/reasoning/textDelta": "Piece",
  "item/commandExecution/outputDelta": "Piece",
  "item/fileChange/patchUpdated":
    "OfTurn & { itemId: string; changes: readonly Change[] }",
  "turn/diff/updated": "OfTurn & { diff: string }",
  "turn/plan/updated": `OfTurn & {
    plan: readonly {
      step: string;
      status: "pending" | "inProgress" | "completed";
    }[];
  }`,
  "thread/tokenUsage/updated":
    "OfTurn & { tokenUsage: { total: Tokens; last: Tokens } }",
  "thread/status/changed": `{
    threadId: string;
    status: { type: "notLoaded" | "idle" | "systemError" | "active" };
  }`,
  "thread/closed": "{ threadId: string }",
  "thread/archived": "{ threadId: string }",
  "thread/deleted": "{ threadId: string }",
  "serverRequest/resolved": "{ threadId: string; requestId: string | number }",
  "error":
    "OfTurn & { error: { message: string; additionalDetails: string | null } }",
  "warning": "{ threadId: string | null; message: string }",
  "configWarning": "{ summary: string; details: string | null }",
  "deprecationNotice": "{ summary: string; details: string | null }",
  "model/rerouted":
    "OfTurn & { fromModel: string; toModel: string; reason: string }",
  "mcpServer/startupStatus/updated":
    "{ name: string; status: string; error: string | null }",
  "account/rateLimits/updated": `{
    rateLimits: { primary: object | null; secondary: object | null };
  }`,
};

/** The part of each request of the server that the code reads, and the type of its answer. */
export const SERVER_REQUESTS: {
  readonly [method: string]: { readonly read: string; readonly answer: string };
} = {
  "item/commandExecution/requestApproval": {
    read: `OfTurn & {
      kind: "command" | "writeStdin" | "humanCommand";
      itemId: string;
      command?: string | null;
      cwd?: string | null;
      reason?: string | null;
      networkApprovalContext?: { host: string; protocol: string } | null;
    }`,
    answer: "CommandExecutionRequestApprovalResponse",
  },
  "item/fileChange/requestApproval": {
    read: "OfTurn & { itemId: string; reason?: string | null }",
    answer: "FileChangeRequestApprovalResponse",
  },
  "mcpServer/elicitation/request": {
    read: "{ threadId: string; serverName: string }",
    answer: "McpServerElicitationRequestResponse",
  },
  "item/permissions/requestApproval": {
    read: "OfTurn",
    answer: "PermissionsRequestApprovalResponse",
  },
  "item/tool/requestUserInput": {
    read: "OfTurn",
    answer: "ToolRequestUserInputResponse",
  },
  "item/tool/call": { read: "OfTurn", answer: "DynamicToolCallResponse" },
};

/** The types of the answers. */
const ANSWERS: { readonly [response: string]: string } = {
  CommandExecutionRequestApprovalResponse: "{ decision: Decision }",
  FileChangeRequestApprovalResponse: "{ decision: Decision }",
  McpServerElicitationRequestResponse:
    '{ action: "accept" | "decline" | "cancel"; content: null; _meta: null }',
  PermissionsRequestApprovalResponse:
    "{ permissions: Record<string, never>; scope: 'turn' }",
  ToolRequestUserInputResponse: "{ answers: Record<string, never> }",
  DynamicToolCallResponse:
    '{ contentItems: { type: "inputText"; text: string }[]; success: false }',
};

/** A further line of the program, with its subject. */
export interface TypedLine {
  readonly about: string;
  readonly code: string;
}

/** Writes a program that only compiles if the messages have not changed. */
export function typesThatHold(more: readonly TypedLine[] = []): string {
  const wire = new URL("src/app_server/connection/wire.ts", ROOT_URL).href;
  const responses = Object.entries(REQUESTS).filter(([, path]) =>
    path !== null
  );
  return `
import type { ClientRequest } from "./ClientRequest";
import type { ServerNotification } from "./ServerNotification";
import type { ServerRequest } from "./ServerRequest";
import type { ClientRequests } from "${wire}";
${
    responses.map(([, path]) =>
      `import type { ${path?.replace("v2/", "")} } from "./${path}";`
    ).join("\n")
  }
${
    Object.keys(ANSWERS).map((name) =>
      `import type { ${name} } from "./v2/${name}";`
    ).join("\n")
  }

type Plain<T> = T extends readonly (infer U)[] ? Plain<U>[]
  : T extends object
    ? string extends keyof T ? T : { -readonly [K in keyof T]: Plain<T[K]> }
  : T;
type ParamsOf<U, M> = U extends { method: M; params: infer P } ? P : never;
type Names<T> = T extends unknown ? string extends keyof T ? never : keyof T : never;
type OfTurn = { threadId: string; turnId: string };
type Item = OfTurn & { item: { id: string; type: string } };
type Piece = OfTurn & { itemId: string; delta: string };
type Change = { path: string; kind: { type: string }; diff: string };
type Tokens = {
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteInputTokens: number;
  outputTokens: number;
  reasoningOutputTokens: number;
};
type Decision = "accept" | "acceptForSession" | "decline" | "cancel";
declare function send<To>(value: To): void;
declare function given<T>(): T;

${
    Object.keys(REQUESTS).filter((method) => !WITHOUT_PARAMS.has(method)).map((
      method,
    ) =>
      `send<ParamsOf<ClientRequest, "${method}">>(given<Plain<ClientRequests["${method}"]["params"]>>()); // params of ${method}
send<Names<ParamsOf<ClientRequest, "${method}">>>(given<Names<ClientRequests["${method}"]["params"]>>()); // names of params of ${method}`
    ).join("\n")
  }
${
    responses.map(([method, path]) =>
      `send<Plain<ClientRequests["${method}"]["result"]>>(given<${
        path?.replace("v2/", "")
      }>()); // answer to ${method}`
    ).join("\n")
  }
${
    Object.entries(NOTIFICATIONS).map(([method, type]) =>
      `send<${
        type.replace(/\s+/g, " ")
      }>(given<ParamsOf<ServerNotification, "${method}">>()); // ${method}`
    ).join("\n")
  }
${
    Object.entries(SERVER_REQUESTS).map(([method, { read }]) =>
      `send<${
        read.replace(/\s+/g, " ")
      }>(given<ParamsOf<ServerRequest, "${method}">>()); // ${method}`
    ).join("\n")
  }
${
    Object.entries(ANSWERS).map(([response, type]) =>
      `send<${response}>(given<${type}>()); // ${response}`
    ).join("\n")
  }
${more.map(({ about, code }) => `${code} // ${about}`).join("\n")}
`;
}
