import { threadStoreTests } from "../../testing.ts";
import { FolderThreadStore } from "../../threads.ts";
import { withFolder } from "./support.ts";

for (
  const { name } of threadStoreTests(() => {
    throw new Error("never");
  })
) {
  Deno.test(`FolderThreadStore: ${name}`, async () => {
    await withFolder(async (folder) => {
      const test = threadStoreTests(() =>
        new FolderThreadStore(`${folder}/store`)
      )
        .find((test) => test.name === name);
      await test?.run();
    });
  });
}
