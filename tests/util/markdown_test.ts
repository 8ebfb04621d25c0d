import { assertEquals } from "@std/assert";
import { codeBlock, codeSpan, contained } from "../../src/util/markdown.ts";

for (
  const [text, written] of [
    ["ls -la", "`ls -la`"],
    ["a `b` c", "``a `b` c``"],
    ["`", "`` ` ``"],
    ["``` ` ```", "```` ``` ` ``` ````"],
    ["one\n  two\r\nthree", "`one two three`"],
    ["", "` `"],
    [" a ", "`  a  `"],
  ] as const
) {
  Deno.test(`codeSpan writes ${JSON.stringify(text)}`, () => {
    assertEquals(codeSpan(text), written);
  });
}

Deno.test("codeBlock uses a fence that its content does not close", () => {
  assertEquals(codeBlock("a\n```\nb", "sh"), "````sh\na\n```\nb\n````");
  assertEquals(codeBlock("a"), "```\na\n```");
});

for (
  const [name, text, written] of [
    ["closed blocks", "a\n```ts\nMap<string>\n```\nb", undefined],
    ["an open block", "```\na", "```\na\n```"],
    ["an open fence of tildes", "~~~~\n```\n~~~", "~~~~\n```\n~~~\n~~~~"],
    [
      "a fence followed by words, which closes nothing",
      "```\n``` x",
      "```\n``` x\n```",
    ],
    ["code within a line", "``` a ``` and <b>", "``` a ``` and &lt;b>"],
    ["HTML", "a <details> <!-- b", "a &lt;details> &lt;!-- b"],
    ["HTML in code", "`<b>` ``<i>`` <u>", "`<b>` ``<i>`` &lt;u>"],
    ["a backtick without another", "a ` <b>", "a ` &lt;b>"],
    ["links and comparisons", "<https://x.y> 1 < 2", undefined],
    [
      "a link that hides a backtick",
      "<https://a`b> <i> `",
      "&lt;https://a`b> <i> `",
    ],
    [
      "code that ends at a blank line",
      "Press the ` key.\n\n<!--\n\nThen ` again.",
      "Press the ` key.\n\n&lt;!--\n\nThen ` again.",
    ],
    [
      "code that continues on the next line",
      "a ` b\n` <div> `\n\n`<b>`",
      "a ` b\n` &lt;div> `\n\n`<b>`",
    ],
    [
      "a backtick after a backslash",
      "\\`a\n<p>` `<b>`",
      "\\`a\n&lt;p>` `&lt;b>`",
    ],
    [
      "a heading that ends code",
      "# a `\n<div>\n# b `",
      "# a `\n&lt;div>\n# b `",
    ],
    [
      "a block within a list",
      "- a\n  ```\n  b\n",
      "> - a\n>   ```\n>   b\n>\n> ```",
    ],
    ["a block that begins a list's entry", "- ```\n  <!-- b", undefined],
  ] as const
) {
  Deno.test(`contained: ${name}`, () => {
    const result = contained(text);
    if (name.includes("begins")) {
      assertEquals(result, "> - ```\n>   &lt;!-- b\n> ```");
    } else assertEquals(result, written ?? text);
  });
}

Deno.test("contained writes an answer of a megabyte of inline code, or of backslashes", () => {
  for (const text of ["`a` ".repeat(250_000), "\\".repeat(1_000_000)]) {
    assertEquals(contained(text), text);
  }
});
