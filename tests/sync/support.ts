/** The blocking client on a fake CLI. @module */

import type { CodexOptions } from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import { type FakeCodex, fakeCodex } from "../support/fake_codex.ts";

/** A blocking client on a fake CLI. */
export interface FakeClientSync extends FakeCodex {
  /** The client. */
  readonly codex: CodexSync;
  /** How often the fake was started: it says so by itself. */
  starts(): number;
  /** Whether the process that the script has noted as `$FAKE_HOME/pid` still lives. */
  isAlive(): boolean;
  /** Makes a file in its folder, for the script to wait for. */
  makeFile(name: string): void;
}

/** Makes a blocking client on a fake CLI; the script is that of `fakeCodex`. */
export async function fakeClientSync(
  script: string,
  options: CodexOptions = {},
): Promise<FakeClientSync> {
  const fake = await fakeCodex(
    `echo >> "$FAKE_HOME/starts"\necho $$ > "$FAKE_HOME/pid"\n${script}`,
  );
  const read = (name: string): string => {
    try {
      return Deno.readTextFileSync(`${fake.folder}/${name}`);
    } catch {
      return "";
    }
  };
  return {
    path: fake.path,
    folder: fake.folder,
    codex: new CodexSync({ codexPathOverride: fake.path, ...options }),
    starts: () => read("starts").length,
    isAlive(): boolean {
      try {
        Deno.kill(Number(read("pid")), "SIGCONT");
        return true;
      } catch {
        return false;
      }
    },
    makeFile: (name) => Deno.writeTextFileSync(`${fake.folder}/${name}`, ""),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}
