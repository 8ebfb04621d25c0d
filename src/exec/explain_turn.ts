import type { Redactor } from "../cli/redact.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
import { requestWarnings } from "../cli/request_warnings.ts";
import { withMarker } from "../cli/terminate/marker.ts";
import type { CodexOptions } from "../options/options.ts";
import type { Runtime } from "../runtime/types.ts";
import { prepareTools } from "../tools/prepared_tools.ts";
import type {
  ExplainedImage,
  TurnExplanation,
} from "../transport/explanation.ts";
import type { TurnImage, UnrunRequest } from "../transport/transport.ts";
import {
  findMissingOption,
  missingOptionError,
  newerOptions,
} from "./newer_options.ts";
import { shownArgs } from "./shown_args.ts";
import { checkRequest, turnCommand, turnTools } from "./turn_command.ts";
import { knownVersion } from "./version_probe.ts";

// Placeholders for values that are known only when a turn runs.
const SCHEMA_FILE = "<output schema>";
const imageFile = (index: number): string => `<image ${index + 1}>`;
const TOOL_SERVER_URL = "http://127.0.0.1:<port>/<path>";
const SECRET = "<secret>";

/** The context that an explanation needs from a transport. */
export interface ExplainContext {
  /** The turn. */
  readonly request: UnrunRequest;
  /** The client's options. */
  readonly options: CodexOptions;
  /** Finds the CLI. */
  locate(): Promise<LocatedCodex>;
  /** Returns the redactor for the secrets that the CLI is given. */
  redactor(): Redactor;
}

/**
 * Describes what a turn would start, using the code that runs one. It reads files, but
 * starts, writes and requests nothing.
 *
 * @throws {CodexError} The error that the turn would end with before it starts the CLI.
 */
export async function explainTurn(
  runtime: Runtime,
  { options, request: given, locate, redactor }: ExplainContext,
): Promise<TurnExplanation> {
  const checked = await checkRequest(runtime, options, given);
  const { request, cwd } = checked;
  const located = await locate();
  const { tools, timeoutMs } = turnTools(options, request);
  // Throws for invalid types of tools.
  await prepareTools(tools);
  const { program, args, env } = turnCommand(runtime, {
    ...checked,
    located,
    options: {
      ...options,
      // A function is not called: the call may have a cost, or prompt somebody.
      apiKey: options.apiKey ? SECRET : undefined,
    },
    schemaPath: request.outputSchema && SCHEMA_FILE,
    images: request.images.map(({ source }, index) =>
      typeof source === "string" ? source : imageFile(index)
    ),
    toolServer: tools.length === 0
      ? undefined
      : { url: TOOL_SERVER_URL, token: SECRET, timeoutMs },
  });
  const { inherit, set, unset } = withMarker(env, SECRET);
  return {
    executable: program,
    argv: shownArgs(args).map((arg) => redactor().clean(arg)),
    workingDirectory: cwd ?? null,
    environment: {
      inherited: inherit,
      set: Object.keys(set),
      unset: [...unset],
    },
    stdinBytes: new TextEncoder().encode(request.prompt).length,
    outputSchema: request.outputSchema === undefined
      ? null
      : structuredClone(request.outputSchema),
    images: request.images.map(explainImage),
    warnings: [
      ...requestWarnings(options, request.threadOptions),
      ...missingOptionWarnings(options, request, program),
    ],
  };
}

/**
 * Returns a warning about an option that the CLI lacks, if its version is known from an
 * earlier turn.
 */
function missingOptionWarnings(
  options: CodexOptions,
  request: UnrunRequest,
  program: string,
): string[] {
  const version = knownVersion(program) ?? null;
  const lacking = findMissingOption(newerOptions(options, request), version);
  return lacking === undefined
    ? []
    : [missingOptionError(lacking, version, program).message];
}

function explainImage({ source }: TurnImage): ExplainedImage {
  return typeof source === "string"
    ? { path: source, bytes: null }
    : { path: null, bytes: source.length };
}
