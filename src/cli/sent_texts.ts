import { API_KEY } from "./env.ts";
import { optionOfFlag, optionOfSetting } from "../options/flags.ts";
import type { CodexOptions } from "../options/options.ts";
import { IMAGE } from "./describe_args.ts";

/** What the CLI is started with. */
export interface SentInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The CLI's arguments. */
  readonly args: readonly string[];
  /** The CLI's program, once it is known. */
  readonly program?: string;
}

/** A text that is handed to the CLI, and the name of what it comes from. */
export interface SentText {
  /** The name, such as `config.developer_instructions`. */
  readonly name: string;
  /** The path in `config`; `undefined` for what comes from elsewhere. */
  readonly configPath?: string;
  /** True for a setting that a file of the CLI could hold as well. */
  readonly isSetting?: boolean;
  /** The text as the system gets it: an argument, or `NAME=value`. */
  readonly text: string;
}

/** What takes the most: a text of it, and the size of all. */
export interface Largest {
  /** One of its texts. */
  readonly part: SentText;
  /** The size of all of them. */
  readonly size: number;
}

/** Lists the arguments and the variables with what they come from. */
export function listSentTexts({ options, args }: SentInput): SentText[] {
  return [...listArguments(args, options), ...listVariables(options)];
}

/** Lists the arguments with the options that they come from. */
export function listArguments(
  args: readonly string[],
  { configOverrides = [], extraArgs = [] }: CodexOptions,
): SentText[] {
  const raw = new Map(
    configOverrides.map((text, index) => [text, `configOverrides[${index}]`]),
  );
  const extra = new Map(
    extraArgs.map((text, index) => [text, `extraArgs[${index}]`]),
  );
  return args.map((text, index) => {
    // They come first.
    const own = index <= extraArgs.length ? extra.get(text) : undefined;
    if (own !== undefined) return { name: own, text };
    const flag = args[index - 1] ?? "";
    if (flag !== "--config") {
      const name = flag === IMAGE ? "input" : optionOfFlag(flag);
      return { name: name ?? "an argument", text };
    }
    const override = raw.get(text);
    if (override !== undefined) {
      return { name: override, isSetting: true, text };
    }
    const key = text.slice(0, Math.max(0, text.indexOf("=")));
    const option = optionOfSetting(key);
    return option === undefined
      ? { name: `config.${key}`, configPath: key, isSetting: true, text }
      : { name: option, text };
  });
}

/** Lists the variables that the options give. */
export function listVariables({ env = {}, apiKey }: CodexOptions): SentText[] {
  const parts = Object.entries(env).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [{ name: `env["${name}"]`, text: `${name}=${value}` }]
  );
  // A key that a function gives is not known yet.
  return typeof apiKey !== "string"
    ? parts
    : [...parts, { name: "apiKey", text: `${API_KEY}=${apiKey}` }];
}

/** Finds what takes the most, where one option may give many texts. */
export function findLargest(
  parts: readonly SentText[],
  measure: (text: string) => number,
): Largest | undefined {
  const sizes = new Map<string, Largest>();
  for (const part of parts) {
    const known = sizes.get(part.name);
    const size = measure(part.text) + (known?.size ?? 0);
    sizes.set(part.name, { part, size });
  }
  let largest: Largest | undefined;
  for (const each of sizes.values()) {
    if (each.size > (largest?.size ?? 0)) largest = each;
  }
  return largest;
}
