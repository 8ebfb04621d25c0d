/** Tests that arguments, prompts, images, folders and the environment reach the CLI. @module */

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CodexSync } from "@acodex/sdk/sync";
import {
  at,
  attempt,
  BEAT,
  DUMP,
  FAKE,
  fakeClient,
  finish,
  show,
} from "./support.mjs";

const image = at("im g", "ünï", "a b.png");
const url = pathToFileURL(image);
const local = (path) => [
  { type: "text", text: "Look" },
  { type: "local_image", path },
];
const given = (...images) => [
  { type: "text", text: "Look" },
  ...images.map((each) => ({ type: "image", image: each })),
];

/** The cases: options of client, thread and turn, and the input. */
const CASES = {
  quoting: {
    client: {
      config: {
        a: 'say "hi" \\ back\\',
        b: { c: ["x y", "z\\\\"] },
        d: "%PATH% ^ & | < > !x!",
        e: "tab\tline\n",
      },
    },
    thread: {
      workingDirectory: `${at("im g")}\\`,
      additionalDirectories: [`${at("im g")}\\`],
    },
  },
  images: {
    input: [
      ...local(image),
      ...local(image.replaceAll("\\", "/")),
      ...given(url, readFileSync(image)),
    ],
  },
  "an image by a path of the system": { input: local(`\\\\?\\${image}`) },
  "an image on a share": {
    input: given(new URL("file://nowhere.invalid/share/a.png")),
  },
  "an image with an encoded separator": {
    input: given(new URL(url.href.replace("/a%20b", "%5Ca%20b"))),
  },
  "an image that is missing": { input: local(at("gone.png")) },
  "a folder that is missing": { thread: { workingDirectory: at("gone") } },
  "an output with CRLF": { input: "CRLF" },
  "an environment that is replaced": {
    client: { envMode: "replace", env: { FOO: "1" } },
  },
  "an environment in other cases": {
    client: {
      env: { path: "C:\\mine", PaThExT: undefined, Temp: at("im g") },
    },
  },
  "a key in another case": {
    client: { apiKey: "sk-1", env: { codex_api_key: "sk-0" } },
  },
  "arguments of 33,000 characters": {
    client: { config: { a: "x".repeat(33_000) } },
  },
  "arguments that are too long with their quotes": {
    client: { config: { a: '" '.repeat(8000) } },
  },
  "arguments of 31,000 characters": {
    client: { config: { a: "x".repeat(31_000) } },
  },
  "a variable of 40,000 characters": {
    client: { env: { BIG: "x".repeat(40_000) } },
  },
  "a prompt of 900,000 characters": { input: "y".repeat(900_000) },
  "an output schema": {
    turn: {
      outputSchema: {
        type: "object",
        properties: {},
        required: [],
        additionalProperties: false,
      },
    },
  },
};

const results = {};
for (const [name, { client, thread, input, turn }] of Object.entries(CASES)) {
  results[name] = await attempt(() =>
    fakeClient(client).startThread({ skipGitRepoCheck: true, ...thread })
      .run(input ?? "Hi", turn)
  );
}

const sync = new CodexSync({
  codexPathOverride: FAKE,
  envMode: "merge",
  env: { FAKE_DUMP: DUMP, FAKE_BEAT: BEAT },
}).startThread({ skipGitRepoCheck: true });
results["a blocking turn"] = await attempt(() => sync.run("Hi"));
writeFileSync(BEAT, "");
try {
  sync.run("STAY", { timeoutMs: 1500 });
} catch (error) {
  results["a blocking turn that takes too long"] = show(error);
}
finish(results);
