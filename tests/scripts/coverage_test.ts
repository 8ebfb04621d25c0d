import { assertEquals } from "@std/assert";
import { removeUnfinished } from "../../scripts/coverage.ts";
import { tempFolder } from "../support/temp_folder.ts";

// A Deno process that a test kills leaves an empty profile, or the beginning of one.
Deno.test("Profiles that a killed process did not finish do not fail the coverage gate", async () => {
  await using folder = await tempFolder();
  const whole = JSON.stringify({ url: "file:///a.ts", functions: [] }, null, 2);
  const profiles = {
    "whole.json": whole,
    "compact.json": JSON.stringify(JSON.parse(whole)),
    "empty.json": "",
    "cut.json": whole.slice(0, -2),
  };
  for (const [name, text] of Object.entries(profiles)) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  assertEquals(await removeUnfinished(folder.path), 2);
  const left = await Array.fromAsync(Deno.readDir(folder.path));
  assertEquals(left.map(({ name }) => name).toSorted(), [
    "compact.json",
    "whole.json",
  ]);
});
