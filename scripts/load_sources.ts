/**
 * Loads the modules whose URLs are its arguments, for coverage.ts: a module that
 * is loaded and never called shows in the report, one that is not loaded is missing.
 *
 * @module
 */

for (const url of Deno.args) await import(url);
// A module may hold the process open (a worker waits for its port).
Deno.exit(0);
