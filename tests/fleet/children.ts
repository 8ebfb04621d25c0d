/**
 * The programs and servers that run, so that nothing is left where this one is ended.
 *
 * @module
 */

const children = new Set<Deno.ChildProcess>();

/** Starts a child, and remembers it while it runs. */
export function spawn(
  program: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  const child = new Deno.Command(program, options).spawn();
  children.add(child);
  child.status.finally(() => children.delete(child));
  return child;
}

/** Kills all that runs. CLIs end without their workers. */
export function killChildren(): void {
  for (const child of children) child.kill("SIGKILL");
}
