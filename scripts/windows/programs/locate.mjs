/** The path where the CLI is found, in each way that it may be installed or named. @module */

import process from "node:process";
import { at, attempt, fakeClient, finish, setting } from "./support.mjs";

const SYSTEM = setting.systemPath;
const NPM = at("npm");

/** The cases: PATH, the variable and the option that name the CLI. */
const CASES = {
  "a program on PATH": { path: `${SYSTEM};${at("fake")}` },
  "an entry of PATH in quotes": { path: `${SYSTEM};"${at("fake")}"` },
  "an entry of PATH with a semicolon": { path: `"${at("a;b")}";${SYSTEM}` },
  "an entry of PATH with a backslash": { path: `${at("fake")}\\;${SYSTEM}` },
  "npm's global folder on PATH": { path: `${SYSTEM};${NPM}` },
  "CODEX_PATH of npm's script": { variable: `${NPM}\\codex.cmd` },
  "npm's script": { option: `${NPM}\\codex.cmd` },
  "npm's script by its name": {
    path: `${SYSTEM};${NPM}`,
    option: "codex.cmd",
  },
  "npm's script without its ending": { option: `${NPM}\\codex` },
  "npm's script for PowerShell": { option: `${NPM}\\codex.ps1` },
  "a program without its ending": { option: at("fake", "codex") },
  "npm's launcher": {
    option: `${NPM}\\node_modules\\@openai\\codex\\bin\\codex.js`,
  },
  "npm's launcher, with slashes": {
    option: `${NPM}\\node_modules\\@openai\\codex\\bin\\codex.js`
      .replaceAll("\\", "/"),
  },
  "a program, with slashes": {
    option: at("fake", "codex.exe").replaceAll("\\", "/"),
  },
  "a text": { option: at("project", "support.mjs") },
  "another's script": { option: at("scripts", "codex.cmd") },
  "a folder": { option: NPM },
  "no CLI": { path: SYSTEM },
  "no PATH": {},
};

const results = {};
const before = process.env.Path ?? process.env.PATH;
for (const [name, { path, variable, option }] of Object.entries(CASES)) {
  delete process.env.Path;
  delete process.env.PATH;
  if (path !== undefined) process.env.Path = path;
  else if (name !== "no PATH") process.env.Path = before;
  if (variable === undefined) delete process.env.CODEX_PATH;
  else process.env.CODEX_PATH = variable;
  results[name] = await attempt(() =>
    fakeClient({ codexPathOverride: option })
      .startThread({ skipGitRepoCheck: true }).run("Hi")
  );
}
finish(results);
