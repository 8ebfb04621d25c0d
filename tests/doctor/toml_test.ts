import { assertEquals, assertThrows } from "@std/assert";
import { readToml } from "../../src/doctor/toml.ts";

/** Reads TOML into plain objects, for comparison. */
const read = (text: string): unknown =>
  JSON.parse(JSON.stringify(readToml(text)));

Deno.test("readToml reads the syntax of config.toml", () => {
  const text = `\ufeff# A comment
model = "gpt"  # another
approval_policy = 'never'
count = 1_000
share = 0.5
on = true
when = 2024-01-01 10:00:00Z
path = "C:\\\\x\\u00e9\\n"
raw = 'C:\\x'
many = """
one \\
   two"""
quotes = """a ""b"" ""\"""
lines = '''
x'''

[mcp_servers.docs]
command = "npx"
args = ["-y", 'x', # comment
  "z",
]
env = { A = "1", "b.c" = 'd' }
tools.search.approval_mode = "approve"

[mcp_servers."my.srv"]
url = "http://h"
[ profiles . a ]
"x y" = 1
[[hooks]]
a = 1
[[hooks]]
a = 2
[hooks.inner]
b = 3
`.replaceAll("\n", "\r\n");
  assertEquals(read(text), {
    model: "gpt",
    approval_policy: "never",
    count: 1000,
    share: 0.5,
    on: true,
    when: "2024-01-01 10:00:00Z",
    path: "C:\\xé\n",
    raw: "C:\\x",
    many: "one two",
    quotes: 'a ""b"" ""',
    lines: "x",
    mcp_servers: {
      docs: {
        command: "npx",
        args: ["-y", "x", "z"],
        env: { A: "1", "b.c": "d" },
        tools: { search: { approval_mode: "approve" } },
      },
      "my.srv": { url: "http://h" },
    },
    profiles: { a: { "x y": 1 } },
    hooks: [{ a: 1 }, { a: 2, inner: { b: 3 } }],
  });
});

for (
  const text of [
    "a",
    "a =",
    "= 1",
    "[a",
    "[[a]",
    'a = "b',
    "a = 'b",
    'a = """b',
    "a = [1, 2",
    "a = [1 2]",
    "a = { b = 1",
    "a = 1 b = 2",
    "a = 1\na.b = 2",
    '"a',
    "a = " + "[".repeat(100_000),
    "a = " + "{b=".repeat(100_000),
    "a" + ".a".repeat(100_000) + "=1",
  ]
) {
  Deno.test(`readToml rejects ${JSON.stringify(text.slice(0, 20))} of ${text.length}`, () => {
    const error = assertThrows(() => readToml(text), SyntaxError);
    assertEquals(error.message.startsWith("Invalid TOML in line"), true);
  });
}

Deno.test("readToml neither reads nor changes Object.prototype", () => {
  const table = readToml("[__proto__]\nx = 1\n[constructor.prototype]\ny = 1");
  assertEquals(Object.keys(table), ["__proto__", "constructor"]);
  assertEquals(Reflect.get({}, "x"), undefined);
  assertEquals(Reflect.get({}, "y"), undefined);
});

Deno.test("readToml reads and rejects long texts", () => {
  const text = "# x \t ".repeat(50_000) + "\n" + "a = 1\n".repeat(1);
  assertEquals(read(text), { a: 1 });
  assertThrows(() => readToml('a = "' + "\\".repeat(200_000)), SyntaxError);
});
