import { assertEquals } from "@std/assert";
import { serviceSchemaError } from "../../src/turn/failures.ts";

const WORDS =
  "Invalid schema for response_format 'codex_output_schema': In context=('properties', 'a'), 'minLength' is not permitted.";

/** The body of an answer with status 400. */
function body(error: object): string {
  return JSON.stringify({ error: { message: WORDS, ...error } }, null, 2);
}

Deno.test("serviceSchemaError gives the service's words on a schema", () => {
  for (
    const message of [
      body({ code: "invalid_json_schema", param: "text.format.schema" }),
      body({ code: "invalid_json_schema" }),
      body({ code: null, param: "text.format.schema" }),
      body({ code: null, param: "response_format" }),
      `unexpected status 400 Bad Request: ${
        body({ code: "invalid_json_schema" })
      }`,
    ]
  ) {
    assertEquals(serviceSchemaError(message), WORDS);
  }
  assertEquals(
    serviceSchemaError('{"error":{"code":"invalid_json_schema"}}'),
    "it does not say why",
  );
});

Deno.test("serviceSchemaError takes nothing else for one", () => {
  for (
    const message of [
      "",
      WORDS,
      "{",
      "[]",
      '{"error":"invalid_json_schema"}',
      '{"error":{"code":"context_length_exceeded","param":"input"}}',
      body({ code: "invalid_value", param: "text.formatting" }),
      body({ code: "rate_limit_exceeded", param: null }),
    ]
  ) {
    assertEquals(serviceSchemaError(message), undefined);
  }
});
