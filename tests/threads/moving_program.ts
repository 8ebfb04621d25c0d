/** Moves a thread from one home to another and prints the result. @module */

import { CodexPermissionError } from "../../mod.ts";
import { say } from "../../scripts/print.ts";
import { exportThread, importThread } from "../../threads.ts";

const [id = "", from, to] = Deno.args;
try {
  const bundle = await exportThread(id, { codexHome: from });
  const moved = await importThread(bundle, { codexHome: to, expectId: id });
  say(`moved ${moved.id}`);
} catch (error) {
  if (!(error instanceof CodexPermissionError)) throw error;
  say(`${error.name} ${error.flag}`);
}
