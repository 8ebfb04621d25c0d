import { assert } from "@std/assert";
import { currentFiles } from "../../src/runtime/current_files.ts";
import { tempFolder } from "../support/temp_folder.ts";

// A process that is being started has its parent's files open for a moment, and so their locks.
Deno.test({
  name:
    "A released lock can be acquired at once, while the program starts processes",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    const source = `for (;;) {
    await new Deno.Command("/bin/sh", { args: ["-c", ":"] }).output();
    postMessage("started");
  }`;
    const starters = Array.from(
      { length: 2 },
      () =>
        new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
          type: "module",
        }),
    );
    try {
      await Promise.all(starters.map((starter) =>
        new Promise((resolve) => {
          starter.onmessage = resolve;
        })
      ));
      const path = `${folder.path}/lock`;
      for (let time = 0; time < 500; time++) {
        const lock = await currentFiles().tryLock?.(path);
        assert(lock !== undefined, `It was still held, time ${time}`);
        lock.release();
      }
    } finally {
      for (const starter of starters) starter.terminate();
    }
  },
});
