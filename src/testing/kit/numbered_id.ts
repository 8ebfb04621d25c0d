/** Returns the thread id for a number: the same in every run, and without a time in it. */
export function numberedId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
