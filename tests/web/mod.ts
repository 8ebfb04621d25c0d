/**
 * The tests of `examples/web`: `deno task test:web`, with the options of `deno test`. They
 * need Chromium, which is not on every machine, so that no other run takes them.
 *
 * @module
 */

import "./page_tests.ts";
import "./route_tests.ts";
