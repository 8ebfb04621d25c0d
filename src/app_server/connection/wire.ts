import type { JsonObject, JsonValue } from "../../protocol/json.ts";

// The messages of `codex app-server` that this package sends and reads, as measured on
// 0.163 and 0.169. Every object may hold more than is named here, and its fields are
// checked by the code that reads them.

/** The id of a request within its direction; the server counts its own from 0. */
export type RequestId = number | string;

/** The reason why the server refused a request. Only the message distinguishes causes, not the code. */
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

/** The sandbox of a turn's commands. */
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

/** The policy for when the server asks for approval. `on-failure` is refused since 0.143. */
export type AskForApproval =
  | "never"
  | "on-request"
  | "untrusted"
  | { readonly granular: GranularApproval };

/** The kinds of approval that the server asks for. Experimental. */
export interface GranularApproval {
  readonly sandbox_approval: boolean;
  readonly rules: boolean;
  readonly skill_approval: boolean;
  readonly request_permissions: boolean;
  /** Questions of MCP servers, and the approval of their tools. */
  readonly mcp_elicitations: boolean;
}

/** One part of a prompt. Texts stay separate; `codex exec` joins them. */
export type WireInput =
  | {
    readonly type: "text";
    readonly text: string;
    readonly text_elements: readonly never[];
  }
  | { readonly type: "localImage"; readonly path: string }
  /** An embedded image, as a `data:` URL. */
  | { readonly type: "image"; readonly url: string };

/** The parameters that opening, resuming and copying a thread share. */
export interface ThreadSettings {
  readonly model?: string | undefined;
  /** The working directory; the folder that the server was started in if left out. */
  readonly cwd?: string | undefined;
  readonly approvalPolicy: AskForApproval;
  /** The sandbox; anything but read-only marks the project as trusted in config.toml at `thread/start`. */
  readonly sandbox: "read-only";
  /** Settings as for `-c`, nested. */
  readonly config: JsonObject;
  /** The folders to work in, the main one first. Experimental. */
  readonly runtimeWorkspaceRoots?: readonly string[] | undefined;
}

/** A cyber access program, as the server names it. */
export type WireCyberAccessProgram =
  | "standard"
  | "daybreakBlue"
  | "daybreakRed";

/** The model and effort of a thread without a turn's overrides; `null` for the model's default effort. */
export interface OwnModel {
  readonly model: string;
  readonly effort: string | null;
}

/** A function of the client that the agent may call. */
export interface DynamicTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its input, an object. */
  readonly inputSchema: JsonObject;
}

/** The tools that a thread is opened with, and keeps. Experimental. */
export type DynamicTools = readonly {
  readonly type: "namespace";
  readonly name: string;
  readonly description: string;
  readonly tools: readonly DynamicTool[];
}[];

/** The answer to opening, resuming or copying a thread. */
export interface OpenedThread {
  readonly thread: {
    readonly id: string;
    /** The thread's status: `active` while a turn runs. */
    readonly status?: { readonly type: string };
  };
  readonly model: string;
  readonly reasoningEffort: string | null;
}

/** The parameters of `turn/start`, which steers a turn that is already running. */
export interface TurnStartParams {
  readonly threadId: string;
  readonly input: readonly WireInput[];
  readonly cwd?: string | undefined;
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  /** The mode, which takes precedence over `model` and `effort`. Experimental. */
  readonly collaborationMode?: {
    readonly mode: "default";
    readonly settings: {
      readonly model: string;
      readonly reasoning_effort: string | null;
      /** The instructions; `null` for those of the mode. */
      readonly developer_instructions: null;
    };
  } | undefined;
  readonly approvalPolicy: AskForApproval;
  readonly sandboxPolicy: SandboxPolicy;
  readonly outputSchema?: JsonObject | undefined;
  readonly runtimeWorkspaceRoots?: readonly string[] | undefined;
  readonly cyberAccessProgram?: WireCyberAccessProgram | undefined;
}

/** A page of a list; `nextCursor` is `null` on the last page. */
export interface PageOf<T> {
  readonly data: readonly T[];
  readonly nextCursor?: string | null;
}

/** The kind of program, or of agent, that began a thread. */
export type ThreadSourceKind =
  | ThreadSource
  | "subAgent"
  | "subAgentReview"
  | "subAgentCompact"
  | "subAgentThreadSpawn"
  | "subAgentOther"
  | "unknown";

/** The kind of program that began a thread, for threads that no agent began. */
export type ThreadSource = "cli" | "vscode" | "exec" | "appServer";

/** A thread that the server keeps. Times are seconds since 1970. */
export interface WireThread {
  readonly id: string;
  readonly name: string | null;
  readonly preview: string;
  readonly cwd: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly path: string | null;
  readonly source: string | object;
  readonly threadSource: string | null;
  readonly forkedFromId: string | null;
  readonly parentThreadId: string | null;
  readonly model: string | null;
  readonly modelProvider: string;
  readonly cliVersion: string;
  readonly gitInfo: {
    readonly sha: string | null;
    readonly branch: string | null;
    readonly originUrl: string | null;
  } | null;
  readonly ephemeral: boolean;
}

/** An available model. */
export interface WireModel {
  readonly id: string;
  readonly model: string;
  readonly displayName: string;
  readonly description: string;
  readonly hidden: boolean;
  readonly isDefault: boolean;
  readonly defaultReasoningEffort: string;
  readonly supportedReasoningEfforts: readonly {
    readonly reasoningEffort: string;
  }[];
  readonly inputModalities: readonly string[];
}

/** The account that is logged in. */
export interface WireAccount {
  readonly type: string;
  readonly email?: string | null;
  readonly planType?: string;
}

/** The limits of an account. */
export interface WireRateLimits {
  readonly primary: WireRateLimit | null;
  readonly secondary: WireRateLimit | null;
  readonly planType: string | null;
}

/** One limit of an account. */
export interface WireRateLimit {
  readonly usedPercent: number;
  readonly windowDurationMins: number | null;
  readonly resetsAt: number | null;
}

/** The subject of a review. */
export type WireReviewTarget =
  | { readonly type: "uncommittedChanges" }
  | { readonly type: "baseBranch"; readonly branch: string }
  | { readonly type: "commit"; readonly sha: string; readonly title: null }
  | { readonly type: "custom"; readonly instructions: string };

/** The client's requests, with their parameters and results. */
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
    /** The version is only in `userAgent`: `<name>/<version> (<system>)`. */
    result: { readonly userAgent: string; readonly codexHome: string };
  };
  "account/read": {
    params: Record<string, never>;
    result: {
      readonly requiresOpenaiAuth: boolean;
      readonly account: WireAccount | null;
    };
  };
  "account/login/start": {
    params: { readonly type: "apiKey"; readonly apiKey: string };
    result: JsonObject;
  };
  "config/read": {
    params: {
      readonly includeLayers: false;
      readonly cwd?: string | undefined;
    };
    result: { readonly config: object };
  };
  "thread/start": {
    params: ThreadSettings & {
      readonly threadSource?: string | undefined;
      readonly ephemeral?: true | undefined;
      readonly dynamicTools?: DynamicTools | undefined;
    };
    result: OpenedThread;
  };
  "thread/resume": {
    params: ThreadSettings & {
      readonly threadId: string;
      /** Leaves the turns out of the answer; without it, the server sends a deprecation notice. */
      readonly excludeTurns: true;
    };
    result: OpenedThread;
  };
  /** Copies a thread, without its model and its instructions (facts A8). */
  "thread/fork": {
    params: ThreadSettings & {
      readonly threadId: string;
      readonly lastTurnId?: string | undefined;
      readonly excludeTurns: true;
      readonly threadSource?: string | undefined;
      readonly ephemeral?: boolean | undefined;
    };
    result: OpenedThread;
  };
  "thread/list": {
    params: {
      readonly cursor?: string | null;
      readonly limit: number;
      readonly cwd?: string | string[] | undefined;
      readonly archived?: boolean;
      readonly searchTerm?: string | undefined;
      /** The sources to list; if left out, threads of `codex exec` are missing. */
      readonly sourceKinds: readonly ThreadSourceKind[];
      readonly sortKey: "updated_at";
    };
    result: PageOf<WireThread>;
  };
  "thread/read": {
    params: { readonly threadId: string; readonly includeTurns: false };
    result: { readonly thread: WireThread };
  };
  "thread/name/set": {
    params: { readonly threadId: string; readonly name: string };
    result: JsonObject;
  };
  "thread/archive": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  "thread/unarchive": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  "thread/delete": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  "model/list": {
    params: {
      readonly cursor?: string | null;
      readonly limit: number;
      readonly includeHidden: boolean;
    };
    result: PageOf<WireModel>;
  };
  "account/rateLimits/read": {
    params: Record<string, never>;
    result: { readonly rateLimits: WireRateLimits };
  };
  "thread/unsubscribe": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  "thread/turns/list": {
    params: {
      readonly threadId: string;
      readonly cursor?: string | null;
      readonly limit: number;
      readonly itemsView: "notLoaded" | "full";
    };
    result: PageOf<WireTurn>;
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
  /** Begins a turn, whose id only `turn/started` reports. */
  "thread/compact/start": {
    params: { readonly threadId: string };
    result: JsonObject;
  };
  /** Begins a review as a turn of the same thread, with the thread's current settings. */
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

/** A turn, as in `turn/completed`, where its items are always incomplete. */
export interface WireTurn {
  readonly id: string;
  readonly items?: readonly object[];
  readonly startedAt?: number | null;
  readonly durationMs?: number | null;
  readonly status: "inProgress" | "completed" | "interrupted" | "failed";
  readonly error?: TurnError | null;
}

/** The error of a turn. */
export interface TurnError {
  readonly message: string;
  readonly codexErrorInfo?: unknown;
  /** The cause of a reconnection, as text. */
  readonly additionalDetails?: string | null;
}

/** Token counts, in the server's form. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteInputTokens?: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
}
