import { assert, assertEquals } from "@std/assert";
import { eventRules } from "../../src/protocol/event_rules.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import { isKnownValid } from "../../src/protocol/quick_check.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";
import {
  changedAtRandom,
  changedInOnePlace,
  copySample,
} from "./mutate_sample.ts";

const { items: ITEM_RULES } = eventRules();

/** The kinds that only their rules check. */
const RARE = ["collab_tool_call", "error"];

/** Compares the quick check with the rules. */
function compare(item: JsonObject): boolean {
  const kind = item.type as keyof typeof ITEM_RULES;
  const matches = Object.hasOwn(ITEM_RULES, kind) &&
    ITEM_RULES[kind].matches(item);
  const known = isKnownValid(item);
  if (RARE.includes(kind)) assertEquals(known, false);
  else assertEquals(known, matches, JSON.stringify(item));
  return matches;
}

for (const [kind, sample] of Object.entries(ITEM_SAMPLES)) {
  Deno.test(`isKnownValid agrees with the rule of ${kind}, with any value in one place`, () => {
    assert(compare(copySample(sample)));
    for (const item of changedInOnePlace(sample)) compare(item);
  });
}

Deno.test("isKnownValid agrees with the rules, with any values in some places", () => {
  const samples = Object.values(ITEM_SAMPLES);
  const fitting = new Set<unknown>();
  for (let seed = 0; seed < 20_000; seed++) {
    const sample = samples[seed % samples.length] ?? ITEM_SAMPLES.error;
    const item = changedAtRandom(sample, seed);
    if (compare(item)) fitting.add(item.type);
  }
  assertEquals(fitting.size, samples.length);
});
