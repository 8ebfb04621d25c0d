import { assertEquals } from "@std/assert";
import { concealer } from "../../src/doctor/conceal.ts";

const conceal = concealer({
  homes: ["/data/homes/alice/", "C:\\Users\\Alice B", undefined, ""],
  names: ["alice", undefined, ""],
});

for (
  const [text, shown] of [
    ["/data/homes/alice/.codex", "~/.codex"],
    ["/data/homes/alice", "~"],
    ["at /data/homes/alice: no", "at ~: no"],
    ["/data/homes/alice2/x", "/data/homes/alice2/x"],
    ["C:\\Users\\Alice B\\.codex", "~\\.codex"],
    ["c:/users/alice b/.codex", "~/.codex"],
    // The owner of a home may be unknown.
    ["/home/bob/project", "~/project"],
    ["/Users/bob/project", "~/project"],
    ['"/home/bob"', '"~"'],
    ["/Users/Jane Doe/x", "~/x"],
    ["C:\\Users\\Jane van der Doe\\x y", "~\\x y"],
    ["/Users/Jane O'Doe/x", "~/x"],
    ["/Users/Doe, Jane/x", "~/x"],
    ['"/Users/Jane Doe" is no folder', '"~" is no folder'],
    ["no /home/bob or /home/eve/x", "no ~ or ~/x"],
    ["/home/bob, /home/eve/x", "~, ~/x"],
    ["'/home/bob' or '/home/eve'", "'~' or '~'"],
    ["/home/bob:/home/eve/bin", "~:~/bin"],
    ["/home/bob\n- /home/eve/x", "~\n- ~/x"],
    ["D:\\Users\\bob\\x", "~\\x"],
    ["/Users/Shared/x", "/Users/Shared/x"],
    ["/srv/home/page.html", "/srv/home/page.html"],
    ["/mnt/alice/project", "/mnt/<user>/project"],
    ["/mnt/ALICE", "/mnt/<user>"],
    ["/mnt/alice.d/project", "/mnt/alice.d/project"],
    ["alice in wonderland", "alice in wonderland"],
    ["http://u:p@host/x", "http://host/x"],
    ["http://@host", "http://host"],
    ["//token@host", "//host"],
    ["proxy http://u:p@host:1, https://x@y", "proxy http://host:1, https://y"],
    ["npm install @openai/codex", "npm install @openai/codex"],
    ["/x/@openai+codex@0.1.0/y", "/x/@openai+codex@0.1.0/y"],
  ] as const
) {
  Deno.test(`concealer replaces ${text} with ${shown}`, () => {
    assertEquals(conceal(text), shown);
  });
}

Deno.test("concealer does not treat the root as a home", () => {
  const conceal = concealer({ homes: ["/", "C:\\"], names: [] });
  assertEquals(conceal("/usr/bin C:\\x"), "/usr/bin C:\\x");
});
