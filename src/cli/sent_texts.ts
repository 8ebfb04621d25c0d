import { API_KEY } from "./env.ts";
import { optionOfFlag, optionOfSetting } from "../options/flags.ts";
import type { CodexOptions } from "../options/options.ts";
import { IMAGE } from "./describe_args.ts";

/** The input that the CLI is started with. */
export interface SentInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The CLI's arguments. */
  readonly args: readonly string[];
  /** The CLI's program, once it is known. */
  readonly program?: string;
}

/** A text that is passed to the CLI, and the name of its source. */
export interface SentText {
  /** The name, such as `config.developer_instructions`. */
  readonly name: string;
  /** The path in `config`; `undefined` for any other source. */
  readonly configPath?: string;
  /** True for a setting that could also be in a file of the CLI. */
  readonly isSetting?: boolean;
  /** The text as the system receives it: an argument, or `NAME=value`. */
  readonly text: string;
}

/** The source with the largest texts. */
export interface Largest {
  /** One of the texts. */
  readonly part: SentText;
  /** The total size of the texts. */
  readonly size: number;
}

/** Lists the arguments and the variables with their sources. */
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
    // The caller's flags come first.
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

/** Lists the variables that the options set. */
export function listVariables({ env = {}, apiKey }: CodexOptions): SentText[] {
  const parts = Object.entries(env).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [{ name: `env["${name}"]`, text: `${name}=${value}` }]
  );
  // A key that a function returns is not known yet.
  return typeof apiKey !== "string"
    ? parts
    : [...parts, { name: "apiKey", text: `${API_KEY}=${apiKey}` }];
}

/** Finds the source with the largest texts; one option may have many texts. */
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
