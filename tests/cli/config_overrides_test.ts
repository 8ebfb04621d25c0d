import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CodexConfigError } from "../../src/errors/codex_error.ts";
import {
  serializeConfigOverrides,
  toTomlValue,
} from "../../src/cli/config_overrides.ts";
import type { CodexConfigObject } from "../../src/options/options.ts";

/** Serializes values that the types do not allow. */
function serialize(config: unknown): string[] {
  return serializeConfigOverrides(config as CodexConfigObject);
}

/** Returns the error for a config that cannot be sent. */
function refusal(config: unknown): CodexConfigError {
  const error = assertThrows(() => serialize(config));
  assertInstanceOf(error, CodexConfigError);
  assertEquals(error.code, "invalid_config");
  return error;
}

const RENDERED: [rule: string, config: unknown, overrides: string[]][] = [
  ["returns nothing for an empty root", {}, []],
  ["flattens objects to dotted paths", { a: { b: { c: 1 } } }, ["a.b.c=1"]],
  ["keeps the order of the object", { z: 1, a: { y: 2, b: 3 }, m: 4 }, [
    "z=1",
    "a.y=2",
    "a.b=3",
    "m=4",
  ]],
  ["sends an empty object as an empty table", { a: {}, b: { c: {} } }, [
    "a={}",
    "b.c={}",
  ]],
  ["renders arrays and their items inline", {
    a: [{ "b.c": 1, d: [] }, ["x", true]],
  }, ['a=[{"b.c" = 1, d = []}, ["x", true]]']],
  ["sends an object with a dotted key whole", {
    mcp_servers: { "my.srv": { command: "true", args: ["-v"] }, plain: {} },
  }, [
    'mcp_servers={"my.srv" = {command = "true", args = ["-v"]}, plain = {}}',
  ]],
  ["flattens down to the object with the odd key", {
    a: { b: { "c d": { e: 1 } }, f: 2 },
  }, ['a.b={"c d" = {e = 1}}', "a.f=2"]],
  ["treats a dotted key at the top as a path", { "a.b-1.c_2": { d: 1 } }, [
    "a.b-1.c_2.d=1",
  ]],
  ["escapes odd keys of inline tables", { a: { 'q"\n\u007f': 1 } }, [
    'a={"q\\"\\n\\u007f" = 1}',
  ]],
  ["skips undefined", { a: undefined, b: { c: undefined, d: 1 } }, [
    "b.d=1",
  ]],
  ["treats an object that holds only undefined as empty", {
    a: { b: undefined },
  }, ["a={}"]],
  ["accepts objects without a prototype", {
    a: Object.assign(Object.create(null), { b: 1 }),
  }, ["a.b=1"]],
];

for (const [rule, config, overrides] of RENDERED) {
  Deno.test(`serializeConfigOverrides ${rule}`, () => {
    assertEquals(serialize(config), overrides);
  });
}

const VALUES: [value: unknown, toml: string][] = [
  [true, "true"],
  [false, "false"],
  [1, "1"],

  [-0, "0"],
  [0.5, "0.5"],
  [1e-6, "0.000001"],
  [1e-7, "1e-7"],
  [1e16, "10000000000000000"],
  [1e21, "1e+21"],
  [9007199254740993, "9007199254740992"],
  [-9007199254740991, "-9007199254740991"],
  // Beyond a TOML integer: the CLI would read the digits as a string.
  [2 ** 63, "9.223372036854776e+18"],
  [-(2 ** 64), "-1.8446744073709552e+19"],
  [2 ** 62, "4611686018427388000"],
  [Number.MAX_VALUE, "1.7976931348623157e+308"],
  [Number.MIN_VALUE, "5e-324"],
  ["", '""'],
  ["plain", '"plain"'],
  ['say "hi" \\ there', '"say \\"hi\\" \\\\ there"'],
  ["a\nb\tc\rd\u0000e\u001f", '"a\\nb\\tc\\rd\\u0000e\\u001f"'],
  ["del \u007f!", '"del \\u007f!"'],
  ["grüße 🚀 \u2028", '"grüße 🚀 \u2028"'],
  ["a=b # no comment", '"a=b # no comment"'],
];

for (const [value, toml] of VALUES) {
  Deno.test(`toTomlValue renders ${JSON.stringify(value)} as ${toml}`, () => {
    assertEquals(toTomlValue(value, "a"), toml);
  });
}

const NULL = "Codex config override at";
const REFUSED: [
  what: string,
  config: unknown,
  message: string,
  path: string,
][] = [
  [
    "null at the root",
    null,
    "Codex config overrides must be a plain object",
    "",
  ],
  ["an array", [1], "Codex config overrides must be a plain object", ""],
  ["a string", "a=1", "Codex config overrides must be a plain object", ""],
  [
    "a Map at the root",
    new Map([["a", 1]]),
    "Codex config overrides must be a plain object",
    "",
  ],
  [
    "an empty key",
    { "": 1 },
    "Codex config override keys must be non-empty strings",
    "",
  ],
  [
    "an empty key inside",
    { a: { "": 1 } },
    "Codex config override keys must be non-empty strings, at a",
    "a",
  ],
  [
    "an empty key in an array",
    { a: [{ "": 1 }] },
    "Codex config override keys must be non-empty strings, at a[0]",
    "a[0]",
  ],
  ["null", { a: { b: [1, null] } }, `${NULL} a.b[1] cannot be null`, "a.b[1]"],
  [
    "infinity",
    { numbers: [Infinity] },
    `${NULL} numbers[0] must be a finite number`,
    "numbers[0]",
  ],
  ["NaN", { a: { b: NaN } }, `${NULL} a.b must be a finite number`, "a.b"],
  [
    "a lone surrogate",
    { a: { b: "x\ud800y" } },
    `${NULL} a.b must be well-formed Unicode`,
    "a.b",
  ],
  [
    "a lone surrogate in a key",
    { a: { "\udc00": 1 } },
    `${NULL} a must be well-formed Unicode`,
    "a",
  ],
  [
    "a hole in an array",
    { a: [1, , 2] },
    "Unsupported Codex config override value at a[1]: undefined",
    "a[1]",
  ],
  [
    "a bigint",
    { a: 1n },
    "Unsupported Codex config override value at a: bigint",
    "a",
  ],
  [
    "a function",
    { a: () => 1 },
    "Unsupported Codex config override value at a: function",
    "a",
  ],
  [
    "a symbol",
    { a: Symbol("s") },
    "Unsupported Codex config override value at a: symbol",
    "a",
  ],
  [
    "a Date",
    { a: { b: new Date(0) } },
    "Unsupported Codex config override value at a.b: Date",
    "a.b",
  ],
  [
    "a Map",
    { a: new Map() },
    "Unsupported Codex config override value at a: Map",
    "a",
  ],
  [
    "a class instance",
    { a: [new URL("http://x")] },
    "Unsupported Codex config override value at a[0]: URL",
    "a[0]",
  ],
  [
    "bytes",
    { a: new Uint8Array(1) },
    "Unsupported Codex config override value at a: Uint8Array",
    "a",
  ],
];

for (const [what, config, message, path] of REFUSED) {
  Deno.test(`serializeConfigOverrides rejects ${what}, and names its path`, () => {
    const error = refusal(config);
    assertEquals(error.message, message);
    assertEquals(error.path, path);
  });
}

for (const key of ["a b", "a..b", ".a", "a.", 'a"b', "ä", "a=b"]) {
  Deno.test(`serializeConfigOverrides rejects ${JSON.stringify(key)} as a key at the top`, () => {
    assertEquals(refusal({ [key]: 1 }).path, key);
  });
}

Deno.test("serializeConfigOverrides rejects a key that the CLI would read as a flag", () => {
  assertEquals(refusal({ "-x": 1 }).path, "-x");
  assertEquals(serialize({ a: { "-x": 1 } }), ["a.-x=1"]);
});
