/** Runs a turn in a separate Deno with the permissions that a test chooses. @module */

import { GIF } from "../input/images.ts";
import { completedTurn, printing } from "../support/fake_codex.ts";
import { writeProgram } from "../../src/testing/fake.ts";

/** The outcome of the turn. */
export interface ChildTurn {
  answer?: string;
  name?: string;
  code?: string;
  flag?: string;
  message?: string;
}

/** The options of the child. */
export interface ChildOptions {
  /** Its permissions, such as `--allow-run=codex`. */
  flags?: readonly string[];
  /** The program's file, if it is not this project's; it imports that one. */
  program?: string;
  /** Its environment, in addition to `PATH`; only what Deno needs is inherited. */
  env?: { readonly [name: string]: string };
  /** Options of the client. */
  codex?: object;
  /** The prompt. */
  input?: unknown;
  /** Options of the turn. */
  turn?: object;
}

/** A folder with a fake CLI in `bin`, an image, and room for temporary files. */
export interface Bench extends AsyncDisposable {
  readonly path: string;
  readonly program: string;
  run(options: ChildOptions): Promise<ChildTurn>;
  /** Returns the command that runs a turn, to be run in another way. */
  command(
    options: ChildOptions,
  ): { args: string[]; options: Deno.CommandOptions };
}

/** Creates the folder; the fake answers `fake`, or `fake with LD` if `LD_LIBRARY_PATH` is set. */
export async function makeBench(): Promise<Bench> {
  const path = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-scoped-" }),
  );
  const program = `${path}/bin/codex`;
  await Deno.mkdir(`${path}/bin`);
  await Deno.mkdir(`${path}/tmp`);
  await Deno.writeFile(`${path}/image.png`, GIF);
  await writeProgram(
    program,
    `#!/bin/sh\nexport WORD="fake\${LD_LIBRARY_PATH:+ with LD}"\n{\n${
      printing(...completedTurn("ANSWER"))
    }\n} | sed "s/ANSWER/$WORD/"\n`,
  );
  const command: Bench["command"] = (options) => {
    const here = import.meta.url;
    const { flags = [], env, codex, input, turn } = options;
    const { program = new URL("turn_child.ts", here).pathname } = options;
    return {
      args: [
        "run",
        "--quiet",
        `--config=${new URL("../../deno.json", here).pathname}`,
        ...flags,
        program,
        JSON.stringify({ codex, input, turn }),
      ],
      options: {
        cwd: path,
        clearEnv: true,
        env: {
          ...inherited(),
          PATH: `${path}/bin:/usr/bin:/bin`,
          TMPDIR: `${path}/tmp`,
          ...env,
        },
      },
    };
  };
  return {
    path,
    program,
    command,
    async run(options): Promise<ChildTurn> {
      const { args, options: rest } = command(options);
      const [run = "", ...others] = args;
      const output = await new Deno.Command(Deno.execPath(), {
        args: [run, "--no-prompt", ...others],
        ...rest,
      }).output();
      const text = new TextDecoder();
      try {
        return JSON.parse(text.decode(output.stdout));
      } catch {
        throw new Error(`The child failed: ${text.decode(output.stderr)}`);
      }
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Returns the variables that Deno needs to find its caches. */
function inherited(): Record<string, string> {
  const env: Record<string, string> = {
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
  };
  for (const name of ["HOME", "DENO_DIR", "JSR_URL", "XDG_CACHE_HOME"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}
