/** The sandbox of the turns. @module */
import type { ThreadOptions } from "@acodex/sdk";
import { env } from "node:process";

/** None with `FLEET_SANDBOX=off`: for machines that are a sandbox themselves. */
export function sandboxOptions(): ThreadOptions {
  return {
    sandboxMode: env.FLEET_SANDBOX === "off"
      ? "danger-full-access"
      : "workspace-write",
  };
}
