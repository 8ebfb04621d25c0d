/** Mutates event streams, in the same way for the same seed. @module */

import { randomNumbers } from "../../src/testing/random_numbers.ts";
import { fixtureNames, readFixture } from "../stream/support.ts";

/** Returns a random integer below a limit. */
export type Random = (limit: number) => number;

type Bytes = Uint8Array<ArrayBuffer>;

const LINE_FEED = 0x0a;

/** Bytes that are invalid, misleading or invisible. */
const SPICES: readonly Bytes[] = [
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
  [0x80],
  [0x00],
  [0xef, 0xbb, 0xbf],
  [0x0d],
  [0x0d, 0x0a],
  [0x0a],
  [0x0a, 0x0a],
  [0xe2, 0x80, 0xa8],
  [0xc2, 0x85],
  [0x1b, 0x5b, 0x32, 0x4b],
  [0x1b, 0x5d, 0x30, 0x3b],
  [0x20, 0x09],
  [0x7b],
  [0x7d],
  [0x22],
  [0x5c],
  [0x0a, 0x57, 0x41, 0x52, 0x4e, 0x0a],
].map((each) => Uint8Array.from(each));

const FIXTURES: readonly Bytes[] = fixtureNames().map(readFixture);

/** A mutated stream, with the chunks in which it arrives. */
export interface Mutated {
  /** All of its bytes. */
  readonly bytes: Bytes;
  /** The same bytes in pieces, some of them empty. */
  readonly chunks: readonly Bytes[];
}

/** Returns the mutated stream of a seed. */
export function mutatedStream(seed: number): Mutated {
  const random = randomNumbers(seed);
  let bytes = FIXTURES[random(FIXTURES.length)] ?? new Uint8Array();
  // In one of eight, only the chunks vary.
  for (let count = random(8); count > 0; count -= 1) {
    bytes = MUTATIONS[random(MUTATIONS.length)]?.(bytes, random) ?? bytes;
  }
  return { bytes, chunks: [...splitIntoChunks(bytes, random)] };
}

const MUTATIONS: readonly ((bytes: Bytes, random: Random) => Bytes)[] = [
  /** Truncates. */
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  /** Removes a piece. */
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return join(bytes.subarray(0, start), bytes.subarray(end));
  },
  /** Repeats a piece. */
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return join(bytes.subarray(0, end), bytes.subarray(start));
  },
  /** Repeats a line at another place. */
  (bytes, random) => {
    const lines = readLines(bytes);
    const line = lines[random(lines.length)] ?? bytes;
    lines.splice(random(lines.length + 1), 0, line);
    return join(...lines);
  },
  /** Shuffles the lines. */
  (bytes, random) => {
    const lines = readLines(bytes);
    for (let last = lines.length - 1; last > 0; last -= 1) {
      const other = random(last + 1);
      const [one, two] = [lines[last] ?? bytes, lines[other] ?? bytes];
      [lines[last], lines[other]] = [two, one];
    }
    return join(...lines);
  },
  /** Flips bits. */
  (bytes, random) => {
    const copy = bytes.slice();
    for (let count = 1 + random(3); count > 0; count -= 1) {
      const at = random(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    }
    return copy;
  },
  /** Inserts bytes anywhere. */
  (bytes, random) => {
    const at = random(bytes.length + 1);
    const spice = SPICES[random(SPICES.length)] ?? bytes;
    return join(bytes.subarray(0, at), spice, bytes.subarray(at));
  },
  /** Inserts bytes before a line. */
  (bytes, random) => {
    const lines = readLines(bytes);
    const spice = SPICES[random(SPICES.length)] ?? bytes;
    lines.splice(random(lines.length + 1), 0, spice);
    return join(...lines);
  },
  /** Appends another stream, from one of its lines on. */
  (bytes, random) => {
    const other = readLines(FIXTURES[random(FIXTURES.length)] ?? bytes);
    return join(bytes, ...other.slice(random(other.length + 1)));
  },
];

function* splitIntoChunks(
  bytes: Bytes,
  random: Random,
): Generator<Bytes, void> {
  const longest = [1, 3, 16, 200, 5_000][random(5)] ?? 1;
  for (let start = 0; start < bytes.length;) {
    const size = random(longest + 1);
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

/** Returns the lines, each with its line feed. */
function readLines(bytes: Bytes): Bytes[] {
  const lines: Bytes[] = [];
  for (let start = 0; start < bytes.length;) {
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const end = lineFeed === -1 ? bytes.length : lineFeed + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

function range(bytes: Bytes, random: Random): [number, number] {
  const start = random(bytes.length + 1);
  return [start, start + random(bytes.length - start + 1)];
}

function join(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
