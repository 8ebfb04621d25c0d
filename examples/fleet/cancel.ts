/** Cancels jobs, from any machine that can reach the queue: `node cancel.ts ID…`. @module */
import { argv } from "node:process";
import { cancelJob, openRelay } from "./queue.ts";

const relay = openRelay();
for (const id of argv.slice(2)) await cancelJob(relay, id);
await relay.close();
