/**
 * The flags of `codex exec`, by its help.
 *
 * @module
 */

import { IMAGE, OUTPUT_SCHEMA } from "../../src/cli/describe_args.ts";
import { SETTING_FLAGS } from "../../src/options/extra_args.ts";
import { switchFlags, valueFlags } from "../../src/options/flags.ts";
import { compareNames, type LeftOut } from "./compare.ts";

/** The subcommands whose help is read; the first is `codex exec` itself. */
export const SUBCOMMANDS = ["", "resume", "fork", "review"] as const;

/** One of them. */
export type Subcommand = typeof SUBCOMMANDS[number];

/** The flags that are only sent to some subcommands. */
const OWN_FLAGS: { readonly [S in Subcommand]: readonly string[] } = {
  "": [
    ...switchFlags(),
    ...valueFlags(),
    IMAGE,
    OUTPUT_SCHEMA,
    ...SETTING_FLAGS.filter((flag) => flag.startsWith("--")),
  ],
  resume: ["--last"],
  fork: [],
  review: ["--uncommitted", "--base", "--commit"],
};

/** The flags that are left out, on purpose. */
const LEFT_OUT: readonly LeftOut[] = [
  { why: "the other name of what is sent", names: ["--json"] },
  { why: "print no turn", names: ["--help", "--version"] },
  { why: "finalResponse is that", names: ["--output-last-message"] },
  { why: "is of the text that is not printed", names: ["--color"] },
  {
    why: "trusts a project for good, in every program of the user",
    names: ["--trust"],
  },
  {
    why: "CodexAppServer uses a server elsewhere, by connect and token",
    names: ["--remote", "--remote-auth-token-env"],
  },
];

/** Further flags that are left out, by subcommand. */
const LEFT_OUT_OF: { readonly [S in Subcommand]: readonly LeftOut[] } = {
  "": [],
  resume: [{
    why: "resumeLast() is about the folder that it is asked in",
    names: ["--all"],
  }],
  fork: [],
  review: [{ why: "is shown to people alone", names: ["--title"] }],
};

/** Lists the flags in a help text, by their long names. */
export function flagsIn(help: string): string[] {
  const flags = [...help.matchAll(/^ {2,8}(?:-\w, )?(--[\w-]+)/gm)];
  return flags.map(([, flag = ""]) => flag);
}

/** Compares the flags of each subcommand's help with those that are sent. */
export function flagDrift(
  helps: { readonly [S in Subcommand]: string },
): string[] {
  const shared = new Set(OWN_FLAGS[""]);
  return SUBCOMMANDS.flatMap((subcommand) => {
    const found = flagsIn(helps[subcommand]);
    const isOwn = subcommand === "";
    return compareNames({
      from: ["codex exec", ...isOwn ? [] : [subcommand], "--help"].join(" "),
      // Flags that all subcommands have are compared once.
      found: isOwn ? found : found.filter((flag) => !shared.has(flag)),
      known: OWN_FLAGS[subcommand],
      leftOut: [...LEFT_OUT, ...LEFT_OUT_OF[subcommand]],
    });
  });
}
