/**
 * Runs one program with the official SDK, and with this package under its name.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { makeUser } from "../../scripts/npm/official_sdk.ts";
import { run } from "../../scripts/run.ts";

/** The packages that are installed under the official SDK's name. */
export const USERS = ["official", "ours"] as const;

/** A client, a thread and its turns. */
export interface Case {
  readonly client: object;
  readonly thread?: object;
  /** The id of the thread to resume. */
  readonly id?: string;
  readonly turns: readonly CaseTurn[];
  /** True if the turns are started at the same time. */
  readonly atOnce?: boolean;
}

/** A turn. */
export interface CaseTurn {
  readonly input: unknown;
  readonly options?: object;
  readonly streamed?: boolean;
}

/** The result of a turn. */
export type TurnOutcome =
  | {
    readonly items: readonly unknown[];
    readonly finalResponse: string;
    readonly usage: unknown;
  }
  | { readonly events: readonly { readonly type: string }[] }
  | {
    readonly name: string;
    readonly code?: string;
    readonly message: string;
  };

/** The result of a case. */
export interface CaseOutcome {
  readonly turns: readonly TurnOutcome[];
  /** The thread's id. */
  readonly id: string | null;
}

const NODE = RUNTIMES.find(({ name }) => name === "node24");

/**
 * Runs cases with one of the packages, in a process with only `PATH`, the cases and
 * `env`.
 */
export async function runCases(
  user: typeof USERS[number],
  cases: readonly Case[],
  env: { readonly [name: string]: string } = {},
): Promise<CaseOutcome[]> {
  if (NODE === undefined) throw new Error("There is no Node 24");
  const program = await installRuntime(NODE);
  const source = new URL("run_cases.mjs", import.meta.url);
  const project = await makeUser(user, {
    "run_cases.mjs": await Deno.readTextFile(source),
  });
  const { code, stdout, stderr } = await run(
    program,
    [fileURLToPath(new URL("run_cases.mjs", project))],
    {
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        DROP_IN_CASES: JSON.stringify(cases),
        ...env,
      },
      clearEnv: true,
    },
  );
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}
