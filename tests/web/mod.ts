/**
 * Runs the tests of `examples/web`: `deno task test:web`, with the options of `deno
 * test`. They need Chromium, which not every machine has, so no other task runs them.
 *
 * @module
 */

import "./page_tests.ts";
import "./route_tests.ts";
