/**
 * Writes docs/errors.md: `deno run --allow-read --allow-write scripts/docs/error_page.ts`.
 *
 * @module
 */

import * as server from "../../app_server.ts";
import * as main from "../../mod.ts";
import * as threads from "../../threads.ts";
import { ROOT_URL } from "../project.ts";
import { runDeno } from "../run.ts";
import { ERROR_CODES } from "./error_codes.ts";

/** The page, from the root. */
export const ERROR_PAGE = "docs/errors.md";

/** The text before the codes. */
const BEGINNING = `# Error codes

<!-- Made by scripts/docs/error_page.ts from scripts/docs/error_codes.ts. -->

Every error of this package is a \`CodexError\` with a \`code\` that stays the same
across versions: branch on the code, or on the class. Errors that end a turn are
\`CodexTurnError\`s. They have \`threadId\`, \`items\`, \`usage\`, \`warnings\`,
\`diagnostics\`, \`exitCode\`, \`signal\`, \`stderr\` and \`argv\` (without values), and
\`reason\` says why the turn failed: see [failures](./failures.md). Some classes are
subclasses of another one: test for the subclass first.

\`\`\`ts
import { Codex, CodexError } from "@acodex/sdk";

try {
  const thread = new Codex().startThread({ sandboxMode: "workspace-write" });
  await thread.run("Refactor the parser");
} catch (error) {
  if (!(error instanceof CodexError)) throw error;
  switch (error.code) {
    case "executable_not_found":
      console.log("npm install @openai/codex");
      break;
    case "turn_failed":
      console.log(error.message);
      break;
    default:
      throw error;
  }
}
\`\`\`

## The codes`;

if (import.meta.main) {
  await Deno.writeTextFile(new URL(ERROR_PAGE, ROOT_URL), writeErrorPage());
  Deno.exit(await runDeno(["fmt", "--quiet", ERROR_PAGE]));
}

/** Writes the page, before it is formatted. */
export function writeErrorPage(): string {
  const codes = Object.entries(ERROR_CODES).map(([code, { of, when, help }]) =>
    [
      `### ${code}`,
      `\`${of}\`${listParents(of)}. ${when}`,
      help.map((step) => `- ${step}`).join("\n"),
    ].join("\n\n")
  );
  return `${[BEGINNING, ...codes].join("\n\n")}\n`;
}

/** Names the superclasses of an error class: a test for these also matches it. */
function listParents(name: string): string {
  const classes: Record<string, unknown> = { ...main, ...server, ...threads };
  const parents: string[] = [];
  for (
    let at = Object.getPrototypeOf(classes[name]);
    at.name !== "CodexError" && at !== Error;
    at = Object.getPrototypeOf(at)
  ) parents.push(`\`${at.name}\``);
  return parents.length === 0 ? "" : `, a subclass of ${parents.join(" and ")}`;
}
