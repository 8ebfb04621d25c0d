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

/** The time after which an unloaded thread is let go by the server, in seconds. */
const UNLOAD_DELAY_S = 1;

/** What a turn asks for, with its paths in full. */
export interface PlacedRequest {
  /** The turn. */
  readonly request: Omit<TurnRequest, "signal">;
  /** The folder that it works in, an absolute path; `undefined` for the one of a server elsewhere. */
  readonly cwd: string | undefined;
  /** Whether the server may ask. */
  readonly approvalPolicy: AskForApproval;
  /** The effective configuration, as `config/read` tells it. */
  readonly config: JsonObject;
}

/**
 * Gives the settings with which a thread is opened or resumed, and further ones. Always read-only: what a
 * turn may touch goes with the turn, since a thread that is started with more marks the
 * project as trusted in the user's config.toml (facts A6).
 */
export function threadSettings(
  { request, cwd, approvalPolicy }: PlacedRequest,
  further: JsonObject = {},
): ThreadSettings {
  const { threadOptions, baseOptions = threadOptions } = request;
  const search = webSearchMode(threadOptions);
  return {
    // That of the turn goes with the turn.
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
 * Gives all that a turn is started with; what is sent holds for later turns too, so
 * everything is (facts A9).
 *
 * @param reset The thread's own model and effort, where a turn has had others.
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

/** Gives what is to be reviewed as the server names it. */
export function reviewTarget(target: ReviewTarget): WireReviewTarget {
  if ("uncommitted" in target) return { type: "uncommittedChanges" };
  if ("base" in target) return { type: "baseBranch", branch: target.base };
  if ("commit" in target) {
    return { type: "commit", sha: target.commit, title: null };
  }
  return { type: "custom", instructions: target.instructions };
}

/** Tells whether a turn has a model or an effort of its own. */
export function hasOwnModel(
  { threadOptions, baseOptions = threadOptions }: Pick<
    TurnRequest,
    "threadOptions" | "baseOptions"
  >,
): boolean {
  return threadOptions.model !== baseOptions.model ||
    threadOptions.modelReasoningEffort !== baseOptions.modelReasoningEffort;
}

/** Gives the model and the effort; an effort that a turn has had is taken back by the mode alone (facts A31). */
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

/** Gives a prompt's parts, its images as files or in full: those first, as `codex exec` sends them. */
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

/** The folders to work in: exactly so the model is told of them as by exec (facts A7). */
function roots(
  { additionalDirectories = [] }: ThreadOptions,
  cwd: string | undefined,
): readonly string[] | undefined {
  return cwd === undefined ? undefined : [cwd, ...additionalDirectories];
}

/**
 * Gives what a turn may touch: by the thread's options, and where they say nothing by the
 * configuration, as under `codex exec`.
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

/** The names that the server has for the cyber access programs. */
const PROGRAMS: { readonly [name: string]: WireCyberAccessProgram } = {
  standard: "standard",
  daybreak_blue: "daybreakBlue",
  daybreak_red: "daybreakRed",
};

/**
 * Gives the server's name for a cyber access program.
 *
 * @throws {CodexInputError} For one that the server does not know.
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
