/**
 * Uses the model for the AI SDK from a program, in both versions of the AI SDK. `--all`
 * adds the other runtimes.
 *
 * @module
 */

import { testCases } from "./run_cases.ts";

testCases("ai6", "node20");
testCases("ai7", "node24");
