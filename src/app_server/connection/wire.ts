import type { JsonObject, JsonValue } from "../../protocol/json.ts";

// The messages of `codex app-server` that this package sends and reads, as measured on
// 0.163 and 0.169. Lenient where the server is: every object may hold more than is named
// here, and what is read of it is checked where it is read.

/** Names a request within its direction; the server counts its own from 0. */
export type RequestId = number | string;

/** The reason why the server refused a request. The code does not tell causes apart: the message does. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** A message of the server. */
export type ServerMessage =
  | {
    readonly kind: "notification";
    readonly method: string;
    readonly params: JsonObject;
  }
  | {
    readonly kind: "request";
    readonly id: RequestId;
    readonly method: string;
    readonly params: JsonObject;
  }
  | {
    readonly kind: "response";
    readonly id: RequestId;
    readonly result: JsonObject | undefined;
    readonly error: RpcError | undefined;
  };

/** What commands may touch, as a turn takes it. */
export type SandboxPolicy =
  | { readonly type: "readOnly"; readonly networkAccess: false }
  | {
    readonly type: "workspaceWrite";
    readonly writableRoots: readonly string[];
    readonly networkAccess: boolean;
    readonly excludeTmpdirEnvVar: boolean;
    readonly excludeSlashTmp: boolean;
  }
  | { readonly type: "dangerFullAccess" };

/** The moments at which the server asks. `on-failure` is refused since 0.143. */
export type AskForApproval = "never" | "on-request" | "untrusted";

/** One part of a prompt. Texts stay separate; `codex exec` joins them. */
export type WireInput =
  | {
    readonly type: "text";
    readonly text: string;
    readonly text_elements: readonly never[];
  }
  | { readonly type: "localImage"; readonly path: string };

/** What opening a thread and resuming it have in common. */
export interface ThreadSettings {
  readonly model?: string | undefined;
  readonly cwd: string;
  readonly approvalPolicy: AskForApproval;
  /** At `thread/start` anything but read-only marks the project as trusted in config.toml. */
  readonly sandbox: "read-only";
  /** Settings as `-c` takes them, nested. */
  readonly config: JsonObject;
  /** The folders to work in, the first one the main one. Experimental. */
  readonly runtimeWorkspaceRoots: readonly string[];
}

/** A cyber access program, as the server names it. */
export type WireCyberAccessProgram =
  | "standard"
  | "daybreakBlue"
  | "daybreakRed";

/** `turn/start`. While a turn runs it steers that one. */
export interface TurnStartParams {
  readonly threadId: string;
  readonly input: readonly WireInput[];
  readonly cwd: string;
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  readonly approvalPolicy: AskForApproval;
  readonly sandboxPolicy: SandboxPolicy;
  readonly outputSchema?: JsonObject | undefined;
  readonly runtimeWorkspaceRoots: readonly string[];
  readonly cyberAccessProgram?: WireCyberAccessProgram | undefined;
}

/** Where a thread comes from: not from an agent of another. */
export type ThreadSource = "cli" | "vscode" | "exec" | "appServer";

/** What is to be reviewed. */
export type WireReviewTarget =
  | { readonly type: "uncommittedChanges" }
  | { readonly type: "baseBranch"; readonly branch: string }
  | { readonly type: "commit"; readonly sha: string; readonly title: null }
  | { readonly type: "custom"; readonly instructions: string };

/** The client's requests: what it says, and what it hears. */
export interface ClientRequests {
  "initialize": {
    params: {
      readonly clientInfo: {
        readonly name: string;
        readonly title: string;
        readonly version: string;
      };
      readonly capabilities: {
        readonly experimentalApi: true;
        readonly requestAttestation: false;
      };
    };
    /** The version stands in `userAgent` alone: `<name>/<version> (<system>)`. */
    result: { readonly userAgent: string; readonly codexHome: string };
  };
  "account/read": {
    params: Record<string, never>;
    result: { readonly requiresOpenaiAuth: boolean };
  };
  "account/login/start": {
    params: { readonly type: "apiKey"; readonly apiKey: string };
    result: JsonObject;
  };
  "config/read": {
    params: { readonly includeLayers: false; readonly cwd: string };
    result: { readonly config: object };
  };
  "thread/start": {
    params: ThreadSettings & { readonly threadSource?: string | undefined };
    result: { readonly thread: { readonly id: string } };
  };
  "thread/resume": {
    params: ThreadSettings & {
      readonly threadId: string;
      /** Leaves the turns out of the answer; asked for by a deprecation notice otherwise. */
      readonly excludeTurns: true;
    };
    result: { readonly thread: { readonly id: string } };
  };
  /** The copy has neither model nor instructions of the other (facts A8). */
  "thread/fork": {
    params: ThreadSettings & {
      readonly threadId: string;
      readonly excludeTurns: true;
      readonly threadSource?: string | undefined;
    };
    result: { readonly thread: { readonly id: string } };
  };
  "thread/list": {
    params: {
      readonly limit: 1;
      readonly cwd: string;
      /** Without it those of `codex exec` are left out. */
      readonly sourceKinds: readonly ThreadSource[];
      readonly sortKey: "updated_at";
    };
    result: { readonly data: readonly { readonly id: string }[] };
  };
  "thread/unsubscribe": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  "thread/turns/list": {
    params: {
      readonly threadId: string;
      readonly limit: 1;
      readonly itemsView: "notLoaded";
    };
    result: { readonly data: readonly WireTurn[] };
  };
  "thread/backgroundTerminals/list": {
    params: { readonly threadId: string };
    result: {
      readonly data: readonly {
        readonly itemId: string;
        readonly processId: string;
      }[];
    };
  };
  "thread/backgroundTerminals/terminate": {
    params: { readonly threadId: string; readonly processId: string };
    result: { readonly terminated: boolean };
  };
  "turn/start": {
    params: TurnStartParams;
    result: { readonly turn: { readonly id: string } };
  };
  /** A turn of the same thread, by the settings that it has. */
  "review/start": {
    params: {
      readonly threadId: string;
      readonly delivery: "inline";
      readonly target: WireReviewTarget;
    };
    result: { readonly turn: { readonly id: string } };
  };
  "turn/steer": {
    params: {
      readonly threadId: string;
      readonly input: readonly WireInput[];
      readonly expectedTurnId: string;
    };
    result: { readonly turnId: string };
  };
  "turn/interrupt": {
    params: { readonly threadId: string; readonly turnId: string };
    result: JsonObject;
  };
}

/** The name of a request of the client. */
export type ClientMethod = keyof ClientRequests;

/** A turn, as `turn/completed` tells it: its items are never the whole of it. */
export interface WireTurn {
  readonly id: string;
  readonly status: "inProgress" | "completed" | "interrupted" | "failed";
  readonly error?: TurnError | null;
}

/** What went wrong in a turn. */
export interface TurnError {
  readonly message: string;
  readonly codexErrorInfo?: unknown;
  /** The cause of a reconnection, in words. */
  readonly additionalDetails?: string | null;
}

/** Tokens, as the server counts them. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteInputTokens?: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
}
