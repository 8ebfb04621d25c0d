import { API_KEY } from "../cli/env.ts";
import type { CodexOptions } from "../options/options.ts";
import type { DoctorProblem, LoginState } from "./report.ts";
import { stringAt, tableAt } from "./settings.ts";
import { isTable, type TomlTable, type TomlValue } from "./toml.ts";

/** The variables from which the CLI reads its key or token, if no provider names another one. */
const KEYS = [API_KEY, "CODEX_ACCESS_TOKEN"];

/** Matches names of variables that may be shown; a key set there by mistake does not match. */
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;

/** Everything that decides how the CLI logs in. */
export interface LoginInput {
  readonly options: CodexOptions;
  readonly settings: TomlTable;
  /** The content of `auth.json`; `undefined` if there is none, `null` if it is not known. */
  readonly auth: unknown;
  /** The command that runs the CLI. */
  readonly command: string;
  /** Tells whether a variable is set for the CLI, and not empty. */
  readonly isSet: (name: string) => boolean;
}

/** Determines how the CLI would log in, and the problem with it. Shows no part of a login or a key. */
export function readLogin(
  { options, settings, auth, command, isSet }: LoginInput,
): { login: LoginState; problem: DoctorProblem | undefined } {
  const provider = options.oss
    ? options.localProvider || "oss"
    : stringAt(settings, "model_provider") ?? null;
  const own = provider === null
    ? undefined
    : tableAt(settings, "model_providers", provider);
  const variable = own && stringAt(own, "env_key");
  const shownName = NAME.test(variable ?? "") ? variable : undefined;
  const key = variable !== undefined
    // Deno throws for an invalid name of a variable, and shows it in the message.
    ? /^[^=\0]+$/.test(variable) && isSet(variable)
      ? shownName ?? "env_key"
      : null
    : options.apiKey
    ? "apiKey"
    : KEYS.find(isSet) ?? null;
  const keptElsewhere =
    (stringAt(settings, "cli_auth_credentials_store") ?? "file") !== "file";
  const kept = findStoredLogin(auth);
  const login: LoginState = {
    key,
    login: kept === "none" && keptElsewhere ? "unknown" : kept,
    provider,
  };
  if (key !== null || login.login !== "none") {
    return { login, problem: undefined };
  }
  if (variable !== undefined) {
    const [message, fix] = shownName === undefined
      ? [
        `env_key of the provider ${provider} must be the name of a variable, and its value cannot be one`,
        'env_key = "MY_KEY", and: export MY_KEY=…',
      ]
      : [
        `the provider ${provider} reads it in the variable ${shownName}`,
        `export ${shownName}=…`,
      ];
    return {
      login,
      problem: { fails: true, message: `No key found: ${message}`, fix },
    };
  }
  const needsNone = options.oss ||
    own !== undefined && own.requires_openai_auth !== true &&
      Object.keys(own).length > 0;
  if (needsNone) return { login, problem: undefined };
  const isHidden = isSet("OPENAI_API_KEY")
    ? "; OPENAI_API_KEY alone is not sent"
    : "";
  return {
    login,
    problem: {
      fails: true,
      message: `No login and no key found${isHidden}`,
      fix: `${command} login (or: export ${API_KEY}=…)`,
    },
  };
}

/** Determines the kind of login in `auth.json`. */
function findStoredLogin(auth: unknown): LoginState["login"] {
  if (auth === undefined) return "none";
  if (auth === null || !isTable(auth as TomlValue)) return "unknown";
  const { tokens, OPENAI_API_KEY: key } = auth as TomlTable;
  if (isTable(tokens)) return "chatgpt";
  if (typeof key === "string" && key !== "") return "api_key";
  return Object.keys(auth as TomlTable).length === 0 ? "none" : "unknown";
}
