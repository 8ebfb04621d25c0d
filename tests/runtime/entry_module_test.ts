import { assertEquals } from "@std/assert";
import {
  entryModule,
  fromArguments,
  fromMainModule,
} from "../../src/runtime/entry_module.ts";

/** Arguments and flags of Node and Bun, as measured (facts R24), and the program's file. */
const NODE: readonly [
  what: string,
  argv: readonly string[],
  execArgv: readonly string[],
  file: string | undefined,
][] = [
  ["a file", ["node", "/app/main.js", "x"], ["--no-warnings"], "/app/main.js"],
  ["a file without its extension", ["node", "/app/main"], [], "/app/main"],
  ["nothing, as in a REPL", ["node"], [], undefined],
  ["code", ["node"], ["-e", "code"], undefined],
  ["code with a path as its argument", ["node", "/x"], ["-e", "c"], undefined],
  [
    "code in the same argument as its flag",
    ["node", "/x"],
    ["--eval=code"],
    undefined,
  ],
  ["code to print", ["node", "/x"], ["-p", "code"], undefined],
  [
    "code to print, with both flags in one",
    ["node", "/x"],
    ["-pe", "c"],
    undefined,
  ],
  [
    "code to print, in a long word",
    ["node", "/x"],
    ["--print", "c"],
    undefined,
  ],
  ["a REPL with an argument", ["node", "/x"], ["-i"], undefined],
  ["a flag with a similar name", ["node", "/x"], ["--enable-x"], "/x"],
  ["stdin", ["node", "-", "/x"], [], "-"],
];

for (const [what, argv, execArgv, file] of NODE) {
  Deno.test(`entryModule of Node and Bun with ${what} is ${file}`, () => {
    assertEquals(fromArguments(argv, execArgv), file);
  });
}

/** Values of `Deno.mainModule`, and the program's file for each. */
const DENO: readonly [main: string | undefined, file: string | undefined][] = [
  ["file:///app/main.ts", "/app/main.ts"],
  ["file:///C:/my%20app/main.ts", "C:/my app/main.ts"],
  ["file:///app/$deno$eval.mts", undefined],
  ["file:///app/$deno$stdin.mts", undefined],
  ["file:///app/$deno$repl.mts", undefined],
  // Only Windows has such paths.
  ["file://server/my%20share/main.ts", "\\\\server\\my share\\main.ts"],
  ["file:///app/%zz.ts", undefined],
  ["https://example.com/main.ts", undefined],
  ["data:text/javascript,0", undefined],
  [undefined, undefined],
];

for (const [main, file] of DENO) {
  Deno.test(`entryModule of Deno with ${main} is ${file}`, () => {
    assertEquals(fromMainModule(main), file);
  });
}

Deno.test("entryModule is the running test's file", () => {
  assertEquals(entryModule(), fromMainModule(Deno.mainModule));
  assertEquals(entryModule()?.endsWith("_test.ts"), true);
});
