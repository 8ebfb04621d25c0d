/**
 * Reads an answer with a schema, on a thread that can be ended: see `hostile.ts`.
 *
 * @module
 */

import { CodexError } from "../../src/errors/codex_error.ts";
import { structuredOutputSync } from "../../src/output/structured_output.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import type { Hostile, HostileEnding } from "./hostile.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Hostile>) => void;
  postMessage(ending: HostileEnding): void;
};

scope.onmessage = ({ data: { schema, isOwn, answer } }) => {
  try {
    const json: JsonObject = JSON.parse(schema);
    const parse = (value: unknown): unknown => value;
    const output = structuredOutputSync(
      isOwn ? { outputSchema: json } : { outputType: { schema: json, parse } },
      () => {
        throw new Error("No type of zod is read here");
      },
    );
    const value = answer === undefined ? undefined : output.read(answer);
    scope.postMessage({ value: JSON.stringify(value) });
  } catch (error) {
    const { name, message } = error as Error;
    const { code, path } = error as { code?: string; path?: string };
    scope.postMessage({
      error: { name, message, code, path, isOurs: error instanceof CodexError },
    });
  }
};
