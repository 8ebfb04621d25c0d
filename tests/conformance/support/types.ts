/**
 * The output types that behaviours use. They hold functions and class instances, which
 * cannot be sent to the blocking client's thread. That thread imports this module too,
 * and is sent their names.
 *
 * @module
 */

import { z } from "zod";

/** A number that the model writes as text. */
export const Count: z.ZodType<{ n: number }> = z.object({
  n: z.string().transform(Number),
});

/** A type that cannot be requested of a model. */
export const When: z.ZodType<{ when: Date }> = z.object({ when: z.date() });

/** A type that can reject an answer that matches its schema. */
export const Even: z.ZodType<{ n: number }> = z.object({
  n: z.number().refine((n) => n % 2 === 0, "must be even"),
});

/** All types, by name. */
export const TYPES: { readonly [name: string]: z.ZodType } = {
  Count,
  When,
  Even,
};
