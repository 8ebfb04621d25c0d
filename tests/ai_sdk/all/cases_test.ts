/**
 * Runs the same cases on the other runtimes.
 *
 * @module
 */

import { testCases } from "../run_cases.ts";

testCases("ai6", "node24");
testCases("ai6", "bun");
testCases("ai6", "deno");
testCases("ai7", "node22");
testCases("ai7", "node26");
testCases("ai7", "bun");
testCases("ai7", "deno");
