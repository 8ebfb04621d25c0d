import type { DiagnosticListener } from "../protocol/diagnostics.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import { shorten } from "../util/text.ts";
import { PartialLine } from "./partial_line.ts";

/** One line with a JSON object. */
export interface JsonLine {
  /** The number of the line on the CLI's stdout, from 1, counting blank lines and noise. */
  readonly lineNumber: number;
  /** The object. */
  readonly value: JsonObject;
}

/** Options of {@linkcode JsonlDecoderStream}. */
export interface JsonlDecoderOptions {
  /**
   * The longest line that is accepted, in bytes without its line feed. The largest useful
   * value is the JavaScript engines' limit for a string, about 512 MiB.
   *
   * @default {402653184} 384 MiB
   */
  maxLineBytes?: number;
  /** Receives a diagnostic for each line that is not an event, such as a warning or a progress bar. */
  onDiagnostic?: DiagnosticListener;
}

/** Options of {@linkcode JsonlDecoder}. */
export interface LineDecoderOptions extends JsonlDecoderOptions {
  /** Tells whether to skip a line, before it is parsed. */
  skipLine?: (line: string) => boolean;
}

/** The result of one step of the decoder. */
export interface DecodedLines {
  /** The decoded lines, in order, including those before a problem. */
  readonly lines: JsonLine[];
  /** The problem that stopped the decoder; no lines follow it. */
  readonly problem?: LineProblem;
}

/**
 * The default of `maxLineBytes`, in bytes (384 MiB): larger than any command output seen so
 * far, and below the engines' limit for a string.
 */
export const DEFAULT_MAX_LINE_BYTES: number = 384 * 1024 * 1024;

// Events contain U+2028 and the like unescaped (facts F7).
const LINE_FEED = 0x0a;
const MAX_NOISE_LENGTH = 1024;
// White space or a terminal escape: CSI, OSC (ended by BEL or ST), a short one.
// Blank lines, warnings and escapes occur between events (facts F8).
const LEADING_NOISE =
  // deno-lint-ignore no-control-regex
  /\s+|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[=>78]/y;

/**
 * Decodes bytes to JSON objects: the synchronous core of {@linkcode JsonlDecoderStream}.
 *
 * Lines end only at byte 0x0A (facts F7: events contain U+2028 and the like
 * unescaped). The lines that end in a chunk are decoded together, and the rest is
 * kept as bytes, so only whole lines are decoded: a `TextDecoder` that continues
 * from chunk to chunk takes longer and creates larger strings.
 */
export class JsonlDecoder {
  readonly #maxLineBytes: number;
  readonly #onDiagnostic: DiagnosticListener | undefined;
  readonly #skipLine: ((line: string) => boolean) | undefined;
  // A byte order mark at the start is skipped as white space. Deno's decoder would also
  // remove marks inside an event, if a chunk begins with one (facts R12).
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #partial: PartialLine = new PartialLine();
  #lineNumber = 0;

  /** Creates a decoder; throws a {@linkcode CodexInputError} for an invalid `maxLineBytes`. */
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

  /** Decodes the next bytes and returns the lines that end in them. Does not keep `chunk`. */
  push(chunk: Uint8Array): DecodedLines {
    const fitting = this.#fittingLength(chunk);
    const bytes = fitting === chunk.length ? chunk : chunk.subarray(0, fitting);
    const lines: JsonLine[] = [];
    const problem = this.#read(bytes, lines);
    if (problem !== undefined) return { lines, problem };
    if (bytes === chunk) return { lines };
    return { lines, problem: this.#lineTooLong() };
  }

  /** Ends the input and returns the last line if it had no line end. */
  end(): DecodedLines {
    const lines: JsonLine[] = [];
    if (this.#partial.length === 0) return { lines };
    const problem = this.#readLine(this.#partial.take(this.#utf8), lines);
    return problem === undefined ? { lines } : { lines, problem };
  }

  /** Counts the bytes that may be read before a line gets too long. */
  #fittingLength(chunk: Uint8Array): number {
    // The usual case: no line can be too long if all the bytes together fit.
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

  /** Decodes the lines that end in a chunk, and keeps a copy of the rest. */
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

  /** Decodes the lines of a text that ends with a line feed. */
  #readLines(text: string, lines: JsonLine[]): LineProblem | undefined {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf("\n", start);
      const problem = this.#readLine(text.slice(start, end), lines);
      if (problem !== undefined) return problem;
      start = end + 1;
    }
    return undefined;
  }

  /** Decodes one line: an object, a blank line, or noise. */
  #readLine(line: string, lines: JsonLine[]): LineProblem | undefined {
    this.#lineNumber += 1;
    if (this.#skipLine?.(line)) return undefined;
    const lineNumber = this.#lineNumber;
    // An event may follow a terminal escape that something else printed.
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

/** Measures the noise at the start of a line; step by step, as one pattern for all of it could overflow the stack. */
function noiseLength(line: string): number {
  let length = 0;
  LEADING_NOISE.lastIndex = 0;
  while (LEADING_NOISE.test(line)) length = LEADING_NOISE.lastIndex;
  return length;
}
