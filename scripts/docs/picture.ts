/**
 * Draws docs/turn.svg, the picture of the README: `deno run --allow-all
 * scripts/docs/picture.ts` runs the demo, and draws what its first turns print.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";

const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.4;
const MARGIN = 20;
const MAX_COLUMNS = 92;

/** The colours of lines: the first pattern that matches applies. */
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/^==/, "#7aa2f7"],
  [/^item\.\w+ \$/, "#9ece6a"],
  [/^(?:thread|turn|item)\./, "#7d86a8"],
  [/./, "#c8d0e8"],
];

if (import.meta.main) {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", "examples/demo.ts"],
    cwd: ROOT_URL,
    env: { NO_COLOR: "1" },
  }).output();
  const [, printed = ""] = /\n\n(== A streamed turn[^]*?)\n\n== The thread/
    .exec(new TextDecoder().decode(stdout)) ?? [];
  if (printed === "") throw new Error("The demo printed no turn");
  await Deno.writeTextFile(
    new URL("docs/turn.svg", ROOT_URL),
    drawTerminal(["$ deno task demo", "", ...printed.split("\n")]),
  );
}

/** Draws lines of text as a terminal shows them. */
export function drawTerminal(lines: readonly string[]): string {
  const shown = lines.map((line) =>
    line.length > MAX_COLUMNS ? `${line.slice(0, MAX_COLUMNS - 1)}…` : line
  );
  const width = Math.ceil(MAX_COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = shown.length * LINE_HEIGHT + 2 * MARGIN;
  const texts = shown.map((line, index) => {
    const [, colour] = COLOURS.find(([pattern]) => pattern.test(line)) ?? [];
    const y = MARGIN + (index + 0.75) * LINE_HEIGHT;
    return line === ""
      ? ""
      : `  <text x="${MARGIN}" y="${y}" fill="${colour}">${
        escapeXml(line)
      }</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A turn in a terminal">
  <style>text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }</style>
  <rect width="100%" height="100%" rx="8" fill="#1a1b26"/>
${texts.join("")}</svg>
`;
}

/** Escapes a text for XML. */
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
