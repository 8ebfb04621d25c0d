/**
 * A model for the AI SDK, used by a program of both of its versions. Other runtimes are
 * tried with `--all`.
 *
 * @module
 */

import { testCases } from "./run_cases.ts";

testCases("ai6", "node20");
testCases("ai7", "node24");
