/**
 * Keeps track of the started programs and servers, so that none is left when the test
 * is stopped.
 *
 * @module
 */

const children = new Set<Deno.ChildProcess>();

/** Starts a child, and keeps track of it while it runs. */
export function spawn(
  program: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  const child = new Deno.Command(program, options).spawn();
  children.add(child);
  child.status.finally(() => children.delete(child));
  return child;
}

/** Kills all children. CLIs end without their workers. */
export function killChildren(): void {
  for (const child of children) child.kill("SIGKILL");
}
