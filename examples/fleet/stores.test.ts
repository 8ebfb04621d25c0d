/** Tests the store with the tests for all thread stores: `node --test`, with a database. @module */
import { threadStoreTests } from "@acodex/sdk/testing";
import { after, test } from "node:test";
import { type OpenStore, openStore } from "./stores.ts";

const opened: OpenStore[] = [];
after(() => Promise.all(opened.map((each) => each.close())));

/** Opens the store as another machine does. */
async function open() {
  const another = await openStore();
  opened.push(another);
  return another.store;
}

for (const { name, run } of threadStoreTests(open)) test(name, run);
