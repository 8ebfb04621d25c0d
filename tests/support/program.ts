/** Programs that a test writes and runs. @module */

/**
 * Writes a program that can be started at once. It is copied into place by a process
 * of its own: while this one held it open for writing, a child that another thread
 * starts would hold it too, and the system refuses to run what is being written.
 */
export async function writeProgram(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await Deno.writeTextFile(draft, text, { mode: 0o755 });
  try {
    const { success, stderr } = await new Deno.Command("cp", {
      args: ["-f", draft, path],
      stdout: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(draft);
  }
}
