/**
 * The messages and items of `codex app-server`, by the types that a CLI generates.
 *
 * @module
 */

import { toExecItem } from "../../src/app_server/events/items.ts";
import { run, succeed } from "../run.ts";
import { compareNames } from "./compare.ts";
import { rejectedLines } from "./rejected_lines.ts";
import {
  NOTIFICATIONS_LEFT_OUT,
  PARAMS_LEFT_OUT,
  REQUESTS_LEFT_OUT,
  SERVER_REQUESTS_LEFT_OUT,
} from "./server_left_out.ts";
import {
  NOTIFICATIONS,
  REQUESTS,
  SERVER_REQUESTS,
  typesThatHold,
} from "./server_messages.ts";

/** The requests whose parameters come from users' options. */
const WITH_OPTIONS = {
  "thread/start": "ThreadStartParams",
  "turn/start": "TurnStartParams",
} as const;

/** Compares the types that a CLI generates with the messages that are written and read. */
export async function serverDrift(codex: string): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "acodex-drift-" });
  try {
    await succeed(
      codex,
      ["app-server", "generate-ts", "--experimental", "--out", folder],
    );
    const read = (name: string): Promise<string> =>
      Deno.readTextFile(`${folder}/${name}.ts`);
    const params = await Promise.all(
      Object.entries(WITH_OPTIONS).map(async ([method, type]) => ({
        method,
        names: fieldsIn(await read(`v2/${type}`), type),
      })),
    );
    const lines = params.flatMap(({ method, names }) =>
      names.map((name) => ({
        about: `${method} ${name}`,
        code: `send<Names<ClientRequests["${method}"]["params"]>>("${name}");`,
      }))
    );
    const rejected = await compileIn(folder, typesThatHold(lines));
    return [
      ...compareNames({
        from: "ClientRequest of codex app-server",
        found: methodsIn(await read("ClientRequest")),
        known: Object.keys(REQUESTS),
        leftOut: REQUESTS_LEFT_OUT,
      }),
      ...compareNames({
        from: "ServerNotification of codex app-server",
        found: methodsIn(await read("ServerNotification")),
        known: Object.keys(NOTIFICATIONS),
        leftOut: NOTIFICATIONS_LEFT_OUT,
      }),
      ...compareNames({
        from: "ServerRequest of codex app-server",
        found: methodsIn(await read("ServerRequest")),
        known: Object.keys(SERVER_REQUESTS),
        leftOut: SERVER_REQUESTS_LEFT_OUT,
      }),
      ...itemDrift(kindsIn(await read("v2/ThreadItem"))),
      ...params.flatMap(({ method, names }) =>
        compareNames({
          from: `${method} of codex app-server`,
          found: names,
          known: names.filter((name) =>
            !rejected.includes(`${method} ${name}`)
          ),
          leftOut: PARAMS_LEFT_OUT,
        })
      ),
      ...rejected
        .filter((about) => !lines.some((line) => line.about === about))
        .map((about) => `The types of codex app-server differ: ${about}`),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Compares the kinds of items with those that are mapped or left out on purpose. */
function itemDrift(found: readonly string[]): string[] {
  return compareNames({
    from: "ThreadItem of codex app-server",
    found,
    // An item of an unknown kind is returned with its type unchanged.
    known: found.filter((type) =>
      toExecItem({ type, id: "0" }, () => "0")?.type !== type
    ),
    leftOut: [],
  });
}

/** Lists the methods of a union of messages. */
export function methodsIn(source: string): string[] {
  return [...source.matchAll(/"method": "([^"]+)"/g)]
    .map(([, method = ""]) => method);
}

/** Lists the kinds of a union of objects, by the `type` that each begins with. */
export function kindsIn(source: string): string[] {
  return [...source.matchAll(/\{ "type": "([^"]+)"/g)]
    .map(([, type = ""]) => type);
}

/** Lists the names of an object type's own fields. */
export function fieldsIn(source: string, type: string): string[] {
  const [, body = ""] = source.replace(/\/\*[^]*?\*\//g, "")
    .split(`export type ${type} = {`);
  // Without nested objects, whose fields are not fields of the type.
  const flat = body.replace(/\{[^{}]*\}/g, "");
  return [...flat.matchAll(/(?:^|[,\s])(\w+)\??:/g)]
    .map(([, name = ""]) => name);
}

/** Compiles a program next to the generated types; returns the subjects of its rejected lines. */
async function compileIn(folder: string, source: string): Promise<string[]> {
  const file = `${folder}/drift.ts`;
  await Deno.writeTextFile(file, source);
  const { code, stderr } = await run(Deno.execPath(), [
    "check",
    "--no-config",
    "--unstable-sloppy-imports",
    file,
  ]);
  const rejected = rejectedLines(source, "drift.ts", stderr);
  if (code !== 0 && rejected.length === 0) throw new Error(stderr);
  return rejected;
}
