/**
 * Tests the page of `examples/web` in headless Chromium, with the packed package, the
 * real CLI and a scripted model. If `WEB_SCREENSHOTS` names a folder, it saves
 * screenshots there.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { MINUTE_MS, until, wait } from "../../src/testing/waiting.ts";
import { type Context, type Page, startBrowser } from "./browser.ts";
import { type RunningApp, startApp } from "./running_app.ts";

/** Longer than an unwatched turn continues. */
const UNWATCHED_MS = 12_000;

/**
 * Runs a test with the app and an empty browser; asserts that the pages log no errors.
 */
function testPage(
  name: string,
  task: (app: RunningApp, open: () => Promise<Page>) => Promise<void>,
): void {
  Deno.test(`The web example's page ${name}`, async () => {
    await using app = await startApp("node24");
    await using browser = await startBrowser();
    const context = await browser.newContext();
    context.setDefaultTimeout(MINUTE_MS);
    const problems: string[] = [];
    await task(app, () => openPage(app, context, problems));
    await context.close();
    assertEquals(problems, []);
  });
}

async function openPage(
  app: RunningApp,
  context: Context,
  problems: string[],
): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(app.url.href);
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  return page;
}

/** Sends a message. */
async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

/** Returns a prompt whose command runs until a file exists. */
function waiting(name: string): string {
  return `Run echo $$ > ${name}.pid; until [ -e ${name}.go ]; do sleep 0.1; done; echo ${name} is done`;
}

/** Clicks a button. */
async function click(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
}

/** Waits until a text is shown. */
async function shows(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: true }).waitFor();
}

testPage(
  "shares a turn among tabs, and continues it when one is closed",
  async (app, open) => {
    const [first, idle] = [await open(), await open()];
    await say(first, waiting("shared"));
    await shows(first, "I will run it.");
    // One tab was open before, another one opens during the turn.
    await shows(idle, "It has to be");
    const second = await open();
    await click(second, "Allow");
    for (const page of [first, idle, second]) await shows(page, "Allowed");
    await app.read("shared.pid");
    await first.close();
    await idle.close();
    await second.reload();
    await shows(second, "running");
    await wait(UNWATCHED_MS);
    await shows(second, "running");
    await Deno.writeTextFile(`${app.repo}/shared.go`, "");
    await shows(second, "It printed shared is done");
    await second.getByRole("button", { name: "Send" }).waitFor();
    const texts = await second.locator("article").allInnerTexts();
    assertEquals(texts.length, 2);
    assert(texts[1]?.includes("\nshared is done\n"), texts[1]);
    // After a reload, it is still the same.
    await second.reload();
    await shows(second, "It printed shared is done");
    assertEquals(await second.locator("article").allInnerTexts(), texts);
  },
);

testPage("stops a turn, in all tabs", async (app, open) => {
  const [first, second] = [await open(), await open()];
  await say(first, waiting("stopped"));
  await click(first, "Allow");
  await app.read("stopped.pid");
  await click(second, "Stop");
  for (const page of [first, second]) {
    await shows(page, "Stopped.");
    await page.getByRole("button", { name: "Send" }).waitFor();
  }
  await app.isGone("stopped.pid");
  // The thread continues.
  await say(second, "Say still here");
  for (const page of [first, second]) await shows(page, "still here");
});

testPage("declines, and starts a new conversation", async (_app, open) => {
  const page = await open();
  await say(page, "Run touch no.txt");
  await click(page, "Decline");
  await shows(page, "Declined");
  await page.getByRole("button", { name: "Send" }).waitFor();
  await click(page, "New conversation");
  await page.locator("article").last().waitFor({ state: "detached" });
  await say(page, "Say fresh words");
  await shows(page, "fresh words");
  assertEquals(await page.locator("article").count(), 2);
});

testPage("ends a turn that nobody watches", async (app, open) => {
  const page = await open();
  await say(page, waiting("lonely"));
  await click(page, "Allow");
  await app.read("lonely.pid");
  await page.close();
  await app.isGone("lonely.pid");
  const later = await open();
  await shows(later, "Ended, since nobody watched.");
});

Deno.test("The web example's page shows nothing without the token", async () => {
  await using app = await startApp("node24");
  await using browser = await startBrowser();
  const context = await browser.newContext();
  for (const url of [`${app.url.origin}/`, `${app.url.origin}/#wrong`]) {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole("alert").waitFor();
    await page.getByText("Open the address that the server has").waitFor();
    assertEquals(await page.getByRole("textbox").count(), 0);
    await page.close();
  }
  // The token is removed from the address after loading.
  const page = await context.newPage();
  await page.goto(app.url.href);
  await page.getByRole("textbox").waitFor();
  assertEquals(page.url(), `${app.url.origin}/`);
  // A page of another origin gets no answer.
  const other = await context.newPage();
  await other.goto("data:text/html,<p>Other</p>");
  const token = app.url.hash.slice(1);
  assertEquals(
    await other.evaluate<string>(
      `fetch("${app.url.origin}/api/chat", { headers: { authorization: "Bearer ${token}" } })
        .then(({ status }) => String(status), (error) => error.name)`,
    ),
    "TypeError",
  );
  await context.close();
});

const pictures = Deno.env.get("WEB_SCREENSHOTS");

testPage("fits wide and narrow screens, dark and light", async (_app, open) => {
  const page = await open();
  await say(page, "Say A word of the agent about what it has found");
  await shows(page, "A word of the agent about what it has found");
  await say(page, `Run ${"echo a long line of a command; ".repeat(8)}`);
  await click(page, "Allow");
  await page.getByText(/^It printed/).waitFor();
  await say(page, waiting("shown"));
  await page.getByRole("button", { name: "Allow" }).waitFor();
  for (const [width, height] of [[1280, 800], [390, 780]] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const inner = await page.evaluate<number>(
        "document.documentElement.scrollWidth",
      );
      assert(inner <= width, `${inner} of ${width}`);
      await until(
        "the end of the conversation in view",
        async () => await isAtEnd(page) || undefined,
      );
      if (pictures !== undefined) {
        await page.screenshot({
          path: `${pictures}/web-${width}-${colorScheme}.png`,
        });
      }
    }
  }
});

/** Tells whether the end of the conversation is in view. */
async function isAtEnd(page: Page): Promise<boolean> {
  const edge = (selector: string) =>
    page.evaluate<number>(
      `document.querySelector("${selector}").getBoundingClientRect().bottom`,
    );
  return await edge(".asked .buttons") < await edge("[role=log]");
}
