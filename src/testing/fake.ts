/**
 * A stand-in for the `codex` CLI that follows a list of steps. The scripted model
 * is for the real CLI.
 *
 * @example A CLI that fails after an event
 * ```ts ignore
 * const fake = new FakeCli(folder, [
 *   "read",
 *   "line {\"type\":\"turn.started\"}",
 *   prints("Out of luck\n", { to: "stderr" }),
 *   "exit 3",
 * ]);
 * const codex = new Codex({ codexPathOverride: fake.path });
 * ```
 *
 * @module
 */
export { FakeCli } from "./fake/fake_cli.ts";
export {
  type FakePipes,
  type FakeStep,
  type FakeSteps,
  print,
  printTurn,
  script,
} from "./fake/steps.ts";
export { prints } from "./executable/executable_steps.ts";
export {
  completedEvents,
  completedTurn,
  THREAD_ID,
} from "./fake/turn_lines.ts";
export { writeProgram } from "./executable/write_program.ts";
