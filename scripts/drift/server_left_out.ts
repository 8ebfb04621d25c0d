/**
 * The parts of `codex app-server` that this package does not use, on purpose. Areas that are
 * left out as a whole are not checked for new names; everything about threads, turns and
 * items is listed one by one.
 *
 * @module
 */

import type { LeftOut } from "./compare.ts";

/** The requests that are not sent. */
export const REQUESTS_LEFT_OUT: readonly LeftOut[] = [
  {
    why:
      "sets up accounts, providers and what watches over them: `codex login`",
    names: [
      "account/*",
      "accountSession/*",
      "getAuthStatus",
      "modelProvider/*",
      "userVerification/*",
    ],
  },
  {
    why: "the program has files, processes and Git itself",
    names: [
      "command/exec*",
      "fs/*",
      "fuzzyFileSearch*",
      "gitDiffToRemote",
      "process/*",
      "environment/*",
    ],
  },
  {
    why:
      "changes the user's configuration and what is installed: `codex` itself",
    names: [
      "app/*",
      "config/batchWrite",
      "config/mcpServer/reload",
      "config/value/write",
      "configRequirements/read",
      "experimentalFeature/*",
      "externalAgentConfig/*",
      "hooks/list",
      "marketplace/*",
      "mcpServer/*",
      "mcpServerStatus/list",
      "permissionProfile/list",
      "plugin/*",
      "skills/*",
      "windowsSandbox/*",
    ],
  },
  {
    why: "of the CLI's own screens, and of its cloud",
    names: [
      "collaborationMode/list",
      "feedback/*",
      "memory/*",
      "project/*",
      "remoteControl/*",
      "server/diagnostics",
      "threadSection/*",
      "thread/approveGuardianDeniedAction",
      "thread/attachment*",
      "thread/goal/*",
      "thread/guardianReview",
      "thread/memory*",
      "thread/metadata/update",
      "thread/prediction/request",
      "thread/prepareApprovedPlan",
      "thread/readState/update",
      "thread/realtime/*",
      "thread/search*",
      "thread/section/move",
    ],
  },
  {
    why: "turns of a thread are queued here, and settings go with each turn",
    names: [
      "thread/queue/*",
      "thread/settings/update",
      "turn/settings/update",
    ],
  },
  {
    why: "nobody has asked for it yet",
    names: [
      "thread/backgroundTerminals/clean",
      "thread/inject_items",
      "thread/items/*",
      "thread/loaded/list",
      "thread/revert",
      "thread/sample*",
      "thread/shellCommand",
      "thread/timeline/list",
    ],
  },
  {
    why: "an older form, a test of the server's, or no business of a client's",
    names: [
      "getConversationSummary",
      "mock/*",
      "rollout/compress",
      "thread/decrement_elicitation",
      "thread/increment_elicitation",
    ],
  },
];

/** The notifications that are ignored. */
export const NOTIFICATIONS_LEFT_OUT: readonly LeftOut[] = [
  {
    why: "answers requests that are not sent",
    names: [
      "account/gatewayOAuth/changed",
      "account/login/completed",
      "account/updated",
      "app/*",
      "command/exec/*",
      "externalAgentConfig/*",
      "fs/changed",
      "fuzzyFileSearch/*",
      "mcpServer/event/*",
      "mcpServer/oauthLogin/completed",
      "modelProvider/*",
      "process/*",
      "project/changed",
      "remoteControl/*",
      "skills/changed",
      "thread/attachment/updated",
      "thread/environment/*",
      "thread/goal/*",
      "thread/prediction/updated",
      "thread/project/updated",
      "thread/queue/changed",
      "thread/readState/changed",
      "thread/realtime/*",
      "thread/reverted",
      "thread/search/partial",
      "thread/section/changed",
      "windowsSandbox/*",
    ],
  },
  {
    why: "what came of it is in the item that it is about, or in the turn",
    names: [
      "autoApprovalReview/strictReviewRequired",
      "guardianWarning",
      "hook/*",
      "item/autoApprovalReview/*",
      "item/commandExecution/terminalInteraction",
      "item/fileChange/outputDelta",
      "item/mcpToolCall/progress",
      "item/reasoning/summaryPartAdded",
      "model/safetyBuffering/updated",
      "model/verification",
      "rawResponse/completed",
      "rawResponseItem/completed",
      "turn/moderationMetadata",
    ],
  },
  {
    why: "tells what the answer to a request has told",
    names: [
      "thread/compacted",
      "thread/name/updated",
      "thread/settings/updated",
      "thread/started",
      "thread/unarchived",
    ],
  },
  {
    why: "is about Windows' own files",
    names: ["windows/worldWritableWarning"],
  },
];

/** The requests of the server that are rejected. */
export const SERVER_REQUESTS_LEFT_OUT: readonly LeftOut[] = [
  {
    why: "only asked of clients that have said they answer it",
    names: [
      "account/chatgptAuthTokens/refresh",
      "attestation/generate",
      "currentTime/read",
    ],
  },
  {
    why: "an older form",
    names: ["applyPatchApproval", "execCommandApproval"],
  },
];

/** The parameters of `thread/start` and `turn/start` that are not sent. */
export const PARAMS_LEFT_OUT: readonly LeftOut[] = [
  {
    why: "settings of the configuration, which `config` or an option sends",
    names: [
      "allowProviderModelFallback",
      "approvalsReviewer",
      "baseInstructions",
      "developerInstructions",
      "modelProvider",
      "multiAgentMode",
      "permissions",
      "personality",
      "serviceTier",
      "serviceTierForTurn",
      "summary",
    ],
  },
  {
    why: "of the CLI's own screens, and of its cloud",
    names: [
      "additionalContext",
      "clientUserMessageId",
      "daybreakEnabled",
      "disabledPluginIds",
      "environments",
      "historyMode",
      "parentTurnId",
      "projectId",
      "responsesapiClientMetadata",
      "responsesapiClientMetadataPatch",
      "rootTurnId",
      "selectedCapabilityRoots",
      "serviceName",
      "sessionStartSource",
      "turnTrigger",
    ],
  },
  {
    why: "tools of the program are an MCP server, on `Codex`",
    names: ["dynamicTools", "toolOutput"],
  },
  {
    why: "a test of the server's, or not read",
    names: ["experimentalRawEvents", "mockExperimentalField"],
  },
];
