/**
 * The types that behaviours ask answers of. They are functions and objects of
 * classes, which cannot be sent to the thread where the blocking client runs: that
 * thread has this module too, and gets their names.
 *
 * @module
 */

import { z } from "zod";

/** A number that the model writes as text. */
export const Count: z.ZodType<{ n: number }> = z.object({
  n: z.string().transform(Number),
});

/** What no model can be asked for. */
export const When: z.ZodType<{ when: Date }> = z.object({ when: z.date() });

/** An answer that a type can refuse though it is of the right form. */
export const Even: z.ZodType<{ n: number }> = z.object({
  n: z.number().refine((n) => n % 2 === 0, "must be even"),
});

/** All of them, by name. */
export const TYPES: { readonly [name: string]: z.ZodType } = {
  Count,
  When,
  Even,
};
