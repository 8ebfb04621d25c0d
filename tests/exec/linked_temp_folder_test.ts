import { assertEquals } from "@std/assert";
import { PNG } from "../input/images.ts";
import { completedTurn, fakeCodex, say } from "../support/fake_codex.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test({
  name:
    "A turn's files exist for the CLI and are removed afterwards if TMPDIR is a link, as on macOS",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using fake = await fakeCodex(`cat > /dev/null
for file; do
  case "$before" in
    --image | --output-schema) [ -s "$file" ] && echo "$before" >> "$FAKE_HOME/read" ;;
  esac
  before=$file
done
${say(...completedTurn("{}"))}`);
    const real = `${fake.folder}/real folder`;
    const link = `${fake.folder}/link`;
    await Deno.mkdir(real);
    await Deno.symlink(real, link);
    const printed = await runProgram(
      new URL("../runtime/turn_child.ts", import.meta.url),
      {
        codex: { codexPathOverride: fake.path },
        input: [
          { type: "text", text: "Look" },
          {
            type: "image",
            image: `data:image/png;base64,${PNG.toBase64()}`,
          },
        ],
        turn: { outputSchema: { type: "object", properties: {} } },
      },
      { TMPDIR: link },
    );
    assertEquals(printed, { answer: "{}" });
    assertEquals(
      (await Deno.readTextFile(`${fake.folder}/read`)).split("\n").sort(),
      ["", "--image", "--output-schema"],
    );
    assertEquals([...Deno.readDirSync(real)], []);
  },
});
