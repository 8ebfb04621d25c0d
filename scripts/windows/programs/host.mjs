/** A program that ends in the middle of a turn. @module */

import process from "node:process";
import { fakeClient, setting, whenBothRun } from "./support.mjs";

const { how, endWithHost } = setting;
fakeClient({ endWithHost }).startThread({ skipGitRepoCheck: true }).run("HANG")
  .catch(() => {});
await whenBothRun();
if (how === "exit") process.exit(0);
if (how === "kill") process.kill(process.pid, "SIGKILL");
if (how === "throw") {
  setTimeout(() => {
    throw new Error("In the middle of a turn");
  });
}
