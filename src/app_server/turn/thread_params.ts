import { webSearchMode } from "../../cli/web_search_mode.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import { toDataUrl } from "../../input/to_data_url.ts";
import type { ThreadOptions } from "../../options/options.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import type { ReviewTarget } from "../../transport/origin.ts";
import type { TurnRequest } from "../../transport/transport.ts";
import type {
  AskForApproval,
  OwnModel,
  SandboxPolicy,
  ThreadSettings,
  TurnStartParams,
  WireCyberAccessProgram,
  WireInput,
  WireReviewTarget,
} from "../connection/wire.ts";

/** Seconds after which the server closes an unloaded thread. */
const UNLOAD_DELAY_S = 1;

/** The request of a turn, with absolute paths. */
export interface PlacedRequest {
  /** The turn. */
  readonly request: Omit<TurnRequest, "signal">;
  /** The folder that it works in, an absolute path; `undefined` for the default of a server elsewhere. */
  readonly cwd: string | undefined;
  /** The policy for approval requests. */
  readonly approvalPolicy: AskForApproval;
  /** The effective configuration, from `config/read`; empty if the turn does not depend on it. */
  readonly config: JsonObject;
}

/**
 * Returns the settings with which a thread is opened or resumed, including `further` ones.
 * Always read-only; the actual sandbox is sent with each turn, since starting a thread with
 * more than read-only marks the project as trusted in the user's config.toml (facts A6).
 */
export function threadSettings(
  { request, cwd, approvalPolicy }: PlacedRequest,
  further: JsonObject = {},
): ThreadSettings {
  const { threadOptions, baseOptions = threadOptions } = request;
  const search = webSearchMode(threadOptions);
  return {
    // The turn's model is sent with the turn.
    model: baseOptions.model || undefined,
    cwd,
    approvalPolicy,
    sandbox: "read-only",
    config: {
      ...(search === undefined ? {} : { web_search: search }),
      ...(threadOptions.approveForMe
        ? { approvals_reviewer: "auto_review" }
        : {}),
      ...(threadOptions.dangerouslyBypassHookTrust
        ? { bypass_hook_trust: true }
        : {}),
      thread_unload_delay_secs: UNLOAD_DELAY_S,
      ...further,
    },
    runtimeWorkspaceRoots: roots(threadOptions, cwd),
  };
}

/**
 * Returns the parameters that start a turn. All of them are sent every time, since they
 * also apply to later turns (facts A9).
 *
 * @param reset The thread's own model and effort, if a turn has used others.
 */
export function turnParams(
  threadId: string,
  placed: PlacedRequest,
  reset?: OwnModel,
): TurnStartParams {
  const { request, cwd, approvalPolicy } = placed;
  const { threadOptions } = request;
  return {
    threadId,
    input: turnInput(request),
    cwd,
    ...modelParams(threadOptions, reset),
    approvalPolicy,
    sandboxPolicy: sandboxPolicy(threadOptions, placed.config),
    outputSchema: request.outputSchema,
    runtimeWorkspaceRoots: roots(threadOptions, cwd),
    cyberAccessProgram: cyberAccessProgram(request.cyberAccessProgram),
  };
}

/** Maps a review target to the server's form. */
export function reviewTarget(target: ReviewTarget): WireReviewTarget {
  if ("uncommitted" in target) return { type: "uncommittedChanges" };
  if ("base" in target) return { type: "baseBranch", branch: target.base };
  if ("commit" in target) {
    return { type: "commit", sha: target.commit, title: null };
  }
  return { type: "custom", instructions: target.instructions };
}

/** Tells whether a turn overrides the thread's model or effort. */
export function hasOwnModel(
  { threadOptions, baseOptions = threadOptions }: Pick<
    TurnRequest,
    "threadOptions" | "baseOptions"
  >,
): boolean {
  return threadOptions.model !== baseOptions.model ||
    threadOptions.modelReasoningEffort !== baseOptions.modelReasoningEffort;
}

/** Returns the model and effort parameters; only the mode can reset a turn's effort (facts A31). */
function modelParams(
  { model, modelReasoningEffort: effort }: ThreadOptions,
  reset: OwnModel | undefined,
): Pick<TurnStartParams, "model" | "effort" | "collaborationMode"> {
  if (reset === undefined) {
    return { model: model || undefined, effort: effort || undefined };
  }
  return {
    collaborationMode: {
      mode: "default",
      settings: {
        model: model || reset.model,
        reasoning_effort: effort || reset.effort,
        developer_instructions: null,
      },
    },
  };
}

/** Returns the parts of a prompt: images first, as `codex exec` sends them, as files or `data:` URLs. */
export function turnInput(
  { prompt, images }: Pick<TurnRequest, "prompt" | "images">,
): WireInput[] {
  return [
    ...images.map(({ source }): WireInput =>
      typeof source === "string"
        ? { type: "localImage", path: source }
        : { type: "image", url: toDataUrl(source) }
    ),
    { type: "text", text: prompt, text_elements: [] },
  ];
}

/** Lists the folders to work in; the model is told of them in the same way as by `codex exec` (facts A7). */
function roots(
  { additionalDirectories = [] }: ThreadOptions,
  cwd: string | undefined,
): readonly string[] | undefined {
  return cwd === undefined ? undefined : [cwd, ...additionalDirectories];
}

/**
 * Returns the sandbox of a turn: by the thread's options, or else by the configuration, as
 * under `codex exec`.
 */
function sandboxPolicy(
  { sandboxMode, networkAccessEnabled }: ThreadOptions,
  config: JsonObject,
): SandboxPolicy {
  switch (sandboxMode || config.sandbox_mode) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "workspace-write": {
      const write = isObject(config.sandbox_workspace_write)
        ? config.sandbox_workspace_write
        : {};
      return {
        type: "workspaceWrite",
        writableRoots: strings(write.writable_roots),
        networkAccess: networkAccessEnabled ?? write.network_access === true,
        excludeTmpdirEnvVar: write.exclude_tmpdir_env_var === true,
        excludeSlashTmp: write.exclude_slash_tmp === true,
      };
    }
    default:
      return { type: "readOnly", networkAccess: false };
  }
}

function strings(value: JsonValue | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((each) => typeof each === "string")
    : [];
}

/** The server's names of the cyber access programs. */
const PROGRAMS: { readonly [name: string]: WireCyberAccessProgram } = {
  standard: "standard",
  daybreak_blue: "daybreakBlue",
  daybreak_red: "daybreakRed",
};

/**
 * Returns the server's name of a cyber access program.
 *
 * @throws {CodexInputError} If the server does not know the program.
 */
export function cyberAccessProgram(
  name: string | undefined,
): WireCyberAccessProgram | undefined {
  if (!name) return undefined;
  if (Object.hasOwn(PROGRAMS, name)) return PROGRAMS[name];
  throw new CodexInputError(
    `cyberAccessProgram must be ${Object.keys(PROGRAMS).join(" or ")}`,
    { path: "cyberAccessProgram" },
  );
}
