import { assertEquals } from "@std/assert";
import {
  type PlacedRequest,
  threadSettings,
  turnParams,
} from "../../src/app_server/turn/thread_params.ts";
import { NEW_THREAD } from "../../src/transport/origin.ts";
import type { ThreadOptions } from "../../src/options/options.ts";
import type { JsonObject } from "../../src/protocol/json.ts";

function placed(
  threadOptions: ThreadOptions,
  config: JsonObject = {},
): PlacedRequest {
  return {
    request: {
      prompt: "Hi",
      images: [{ inputPath: "input[1]", source: "/a.png" }],
      threadId: null,
      origin: NEW_THREAD,
      threadOptions,
      outputSchema: undefined,
      cyberAccessProgram: "daybreak_blue",
    },
    cwd: "/work",
    approvalPolicy: "never",
    config,
  };
}

Deno.test("threadSettings opens every thread read-only, whatever the sandbox mode of its turns", () => {
  for (
    const sandboxMode of [
      undefined,
      "read-only",
      "workspace-write",
      "danger-full-access",
    ] as const
  ) {
    assertEquals(
      threadSettings(placed({ sandboxMode })).sandbox,
      "read-only",
    );
  }
});

Deno.test("threadSettings sends the settings that apply only when a thread is opened", () => {
  assertEquals(
    threadSettings(placed({
      model: "gpt-5.5",
      webSearchEnabled: true,
      additionalDirectories: ["/other"],
    })),
    {
      model: "gpt-5.5",
      cwd: "/work",
      approvalPolicy: "never",
      sandbox: "read-only",
      config: { web_search: "live", thread_unload_delay_secs: 1 },
      runtimeWorkspaceRoots: ["/work", "/other"],
    },
  );
});

/** The sandbox policy of a turn, by the thread's options and the configuration. */
const POLICIES: readonly (readonly [ThreadOptions, JsonObject, JsonObject])[] =
  [
    [{}, {}, { type: "readOnly", networkAccess: false }],
    [{}, { sandbox_mode: "danger-full-access" }, { type: "dangerFullAccess" }],
    [{ sandboxMode: "read-only" }, { sandbox_mode: "danger-full-access" }, {
      type: "readOnly",
      networkAccess: false,
    }],
    [{ sandboxMode: "danger-full-access" }, {}, { type: "dangerFullAccess" }],
    [{ sandboxMode: "workspace-write", networkAccessEnabled: true }, {}, {
      type: "workspaceWrite",
      writableRoots: [],
      networkAccess: true,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    }],
    [{}, {
      sandbox_mode: "workspace-write",
      sandbox_workspace_write: {
        writable_roots: ["/more", 5],
        network_access: true,
        exclude_slash_tmp: true,
      },
    }, {
      type: "workspaceWrite",
      writableRoots: ["/more"],
      networkAccess: true,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: true,
    }],
    [{ networkAccessEnabled: false }, {
      sandbox_mode: "workspace-write",
      sandbox_workspace_write: { network_access: true },
    }, {
      type: "workspaceWrite",
      writableRoots: [],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    }],
  ];

Deno.test("turnParams derives the sandbox policy from the options, then from the configuration", () => {
  for (const [options, config, policy] of POLICIES) {
    assertEquals(
      turnParams("t", placed(options, config)).sandboxPolicy as unknown,
      policy,
    );
  }
});

Deno.test("turnParams sends images first, and enum values in the server's spelling", () => {
  const params = turnParams(
    "t",
    placed({ modelReasoningEffort: "high", model: "" }),
  );
  assertEquals(params.input, [
    { type: "localImage", path: "/a.png" },
    { type: "text", text: "Hi", text_elements: [] },
  ]);
  assertEquals(
    [params.effort, params.model, params.cyberAccessProgram],
    ["high", undefined, "daybreakBlue"],
  );
});
