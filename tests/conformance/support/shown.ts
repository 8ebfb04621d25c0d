import { inspect } from "node:util";

/** The globals of Deno and Bun that format a value as their consoles do. */
const { Deno, Bun } = globalThis as {
  Deno?: { inspect(value: unknown): string };
  Bun?: { inspect(value: unknown): string };
};

/** Formats a value as this runtime's `console.log` does. */
export function shown(value: unknown): string {
  return Deno?.inspect(value) ?? Bun?.inspect(value) ?? inspect(value);
}
