/**
 * Runs headless Chromium with the parts of playwright-core that the tests use.
 *
 * @module
 */

import { createRequire } from "node:module";
import { installCached } from "../../scripts/npm/tools.ts";

/** Its executable: Debian's, unless `CHROMIUM` names another, such as Chrome's. */
const CHROMIUM = Deno.env.get("CHROMIUM") || "/usr/bin/chromium";

/** The latest release with which the tests were run. */
const PLAYWRIGHT = "playwright-core@1.65.1";

/** An element of a page, which actions wait for. */
export interface Locator {
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  waitFor(options?: { state: "detached" }): Promise<void>;
  count(): Promise<number>;
  allInnerTexts(): Promise<string[]>;
  last(): Locator;
}

/** A tab. */
export interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  url(): string;
  getByRole(role: string, options?: { name?: string }): Locator;
  getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
  locator(selector: string): Locator;
  evaluate<T>(code: string): Promise<T>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  emulateMedia(media: { colorScheme: "light" | "dark" }): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  on(event: "pageerror", listen: (error: Error) => void): void;
  on(
    event: "console",
    listen: (message: { type(): string; text(): string }) => void,
  ): void;
}

/** A browser profile without cookies and storage. */
export interface Context {
  newPage(): Promise<Page>;
  setDefaultTimeout(ms: number): void;
  close(): Promise<void>;
}

interface Browser {
  newContext(): Promise<Context>;
  close(): Promise<void>;
}

/** Starts Chromium until the end of an `await using` block. */
export async function startBrowser(): Promise<
  AsyncDisposable & Pick<Browser, "newContext">
> {
  try {
    await Deno.stat(CHROMIUM);
  } catch {
    throw new Error(
      `There is no ${CHROMIUM}: on Debian, run apt-get install chromium; ` +
        "elsewhere, name Chromium or Chrome in CHROMIUM",
    );
  }
  const folder = await installCached("browser", [PLAYWRIGHT]);
  const { chromium } = createRequire(`${folder}/`)("playwright-core");
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    newContext: () => browser.newContext(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
