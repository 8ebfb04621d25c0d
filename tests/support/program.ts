/** Programs that a test writes and runs. @module */

export { writeProgram } from "../../src/testing/fake.ts";
