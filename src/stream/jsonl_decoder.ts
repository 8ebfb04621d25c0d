import type { DiagnosticListener } from "../protocol/diagnostics.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import { shorten } from "../util/text.ts";
import { PartialLine } from "./partial_line.ts";

/** One line that holds a JSON object. */
export interface JsonLine {
  /** The line on the CLI's stdout, from 1, blank lines and noise counted. */
  readonly lineNumber: number;
  /** The object. */
  readonly value: JsonObject;
}

/** Options of {@linkcode JsonlDecoderStream}. */
export interface JsonlDecoderOptions {
  /**
   * The longest line that is read, in bytes without its line feed. The JavaScript
   * engines' limit on a string, about 512 MiB, is the largest useful value.
   *
   * @default {402653184} 384 MiB
   */
  maxLineBytes?: number;
  /** Receives each line that is not an event: a warning, a progress bar. */
  onDiagnostic?: DiagnosticListener;
}

/** Options of {@linkcode JsonlDecoder}. */
export interface LineDecoderOptions extends JsonlDecoderOptions {
  /** Tells a line that nobody wants, before it is parsed. */
  skipLine?: (line: string) => boolean;
}

/** The result of one step of the decoder: lines, and perhaps the problem that ended it. */
export interface DecodedLines {
  /** The lines that could be read, in order, also when a problem came after them. */
  readonly lines: JsonLine[];
  /** The problem that stopped the decoder; no line comes after it. */
  readonly problem?: LineProblem;
}

/** The default of `maxLineBytes`, 384 MiB: larger than any command output seen, below the engines' limit on a string. */
export const DEFAULT_MAX_LINE_BYTES: number = 384 * 1024 * 1024;

// U+2028 and the like stand raw inside events (facts F7).
const LINE_FEED = 0x0a;
const MAX_NOISE_LENGTH = 1024;
// White space or a terminal escape: CSI, OSC (ended by BEL or ST), a short one.
// Blank lines, warnings and escapes stand between events (facts F8).
const LEADING_NOISE =
  // deno-lint-ignore no-control-regex
  /\s+|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[=>78]/y;

/**
 * The decoder's synchronous core: bytes in, JSON objects out.
 *
 * Lines end at byte 0x0A and nowhere else (facts F7: U+2028 and the like stand
 * raw inside events). The lines that end in a chunk are decoded together; what is
 * left of it waits as bytes, so that only whole lines are decoded: a decoder that
 * goes on from chunk to chunk takes longer, and makes larger strings.
 */
export class JsonlDecoder {
  readonly #maxLineBytes: number;
  readonly #onDiagnostic: DiagnosticListener | undefined;
  readonly #skipLine: ((line: string) => boolean) | undefined;
  // A mark at the start goes as white space. Left to Deno's decoder, marks inside
  // an event went too, where a chunk began with one (facts R12).
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #partial: PartialLine = new PartialLine();
  #lineNumber = 0;

  /** Makes a decoder; throws {@linkcode CodexInputError} for a bad `maxLineBytes`. */
  constructor(options: LineDecoderOptions = {}) {
    const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
    if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1) {
      throw new CodexInputError(
        `maxLineBytes must be a whole number of bytes above 0, got ${maxLineBytes}`,
        { path: "maxLineBytes" },
      );
    }
    this.#maxLineBytes = maxLineBytes;
    this.#onDiagnostic = options.onDiagnostic;
    this.#skipLine = options.skipLine;
  }

  /** Takes the next bytes and gives the lines that end in them; keeps none of them. */
  push(chunk: Uint8Array): DecodedLines {
    const fitting = this.#fittingLength(chunk);
    const bytes = fitting === chunk.length ? chunk : chunk.subarray(0, fitting);
    const lines: JsonLine[] = [];
    const problem = this.#read(bytes, lines);
    if (problem !== undefined) return { lines, problem };
    if (bytes === chunk) return { lines };
    return { lines, problem: this.#lineTooLong() };
  }

  /** Takes the end of the bytes and gives the last line if it had no line end. */
  end(): DecodedLines {
    const lines: JsonLine[] = [];
    if (this.#partial.length === 0) return { lines };
    const problem = this.#readLine(this.#partial.take(this.#utf8), lines);
    return problem === undefined ? { lines } : { lines, problem };
  }

  /** Counts the bytes that may be read before a line gets too long. */
  #fittingLength(chunk: Uint8Array): number {
    // Nearly always: no line can be too long where all the bytes together fit.
    if (this.#partial.length + chunk.length <= this.#maxLineBytes) {
      return chunk.length;
    }
    let start = 0;
    let before = this.#partial.length;
    while (start < chunk.length) {
      const lineFeed = chunk.indexOf(LINE_FEED, start);
      const end = lineFeed === -1 ? chunk.length : lineFeed;
      if (before + end - start > this.#maxLineBytes) return start;
      start = end + 1;
      before = 0;
    }
    return chunk.length;
  }

  #lineTooLong(): LineProblem {
    const lineNumber = this.#lineNumber + 1;
    return {
      code: "line_too_long",
      lineNumber,
      message:
        `Cannot read line ${lineNumber} of the CLI's output: longer than ${this.#maxLineBytes} bytes (maxLineBytes)`,
    };
  }

  /** Reads the lines that end in a chunk, and keeps the rest of it. */
  #read(bytes: Uint8Array, lines: JsonLine[]): LineProblem | undefined {
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    let start = 0;
    let problem: LineProblem | undefined;
    if (end > 0 && this.#partial.length > 0) {
      start = bytes.indexOf(LINE_FEED) + 1;
      this.#partial.push(bytes.subarray(0, start - 1));
      problem = this.#readLine(this.#partial.take(this.#utf8), lines);
    }
    if (problem === undefined && start < end) {
      const text = this.#utf8.decode(bytes.subarray(start, end));
      problem = this.#readLines(text, lines);
    }
    if (end < bytes.length) this.#partial.push(bytes.subarray(end));
    return problem;
  }

  /** Reads text that ends with a line. */
  #readLines(text: string, lines: JsonLine[]): LineProblem | undefined {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf("\n", start);
      const problem = this.#readLine(text.slice(start, end), lines);
      if (problem !== undefined) return problem;
      start = end + 1;
    }
    return undefined;
  }

  /** Reads one line: an object, something blank, or noise. */
  #readLine(line: string, lines: JsonLine[]): LineProblem | undefined {
    this.#lineNumber += 1;
    if (this.#skipLine?.(line)) return undefined;
    const lineNumber = this.#lineNumber;
    // An event may stand behind a terminal escape that something else printed.
    const text = line.startsWith("{") ? line : line.slice(noiseLength(line));
    if (!text.startsWith("{")) {
      if (text !== "") {
        this.#onDiagnostic?.({
          kind: "noise",
          lineNumber,
          path: "",
          message: shorten(line.replace(/\r$/, ""), MAX_NOISE_LENGTH),
        });
      }
      return undefined;
    }
    try {
      lines.push({ lineNumber, value: JSON.parse(text) });
      return undefined;
    } catch (cause) {
      return {
        code: "invalid_json",
        lineNumber,
        message:
          `Cannot parse line ${lineNumber} of the CLI's output: it begins like a JSON object but is not one`,
        cause,
      };
    }
  }
}

/** Measures the noise at a line's beginning; one pattern over all of it would overflow the stack. */
function noiseLength(line: string): number {
  let length = 0;
  LEADING_NOISE.lastIndex = 0;
  while (LEADING_NOISE.test(line)) length = LEADING_NOISE.lastIndex;
  return length;
}
