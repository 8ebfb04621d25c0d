const CUT_OFF = "it is cut off: the JPEG ends before its scan";

/** The byte that begins a marker. */
const MARKER = 0xff;
/** The marker of a scan; its pixels follow. */
const SCAN = 0xda;
/** The first of the markers that begin a segment with a length; most of them do. */
const FIRST_SEGMENT = 0xc0;
/** The markers among them without a segment: restarts, and the image's start and end. */
const ALONE: readonly [from: number, to: number] = [0xd0, 0xd9];

/**
 * Finds out whether an image ends before its first scan. The CLI accepts images that end
 * later (facts F41). Images with unexpected data before the scan are left to the CLI.
 */
export function jpegDamage(jpeg: DataView): string | undefined {
  const { byteLength } = jpeg;
  let at = 2;
  while (at < byteLength) {
    // A marker may begin with several such bytes.
    while (at + 1 < byteLength && jpeg.getUint16(at) === 0xffff) at += 1;
    if (jpeg.getUint8(at) !== MARKER) return undefined;
    // The CLI accepts some images that end within a marker.
    if (at + 2 >= byteLength) return undefined;
    const marker = jpeg.getUint8(at + 1);
    if (marker < FIRST_SEGMENT) return undefined;
    if (marker >= ALONE[0] && marker <= ALONE[1]) return undefined;
    if (at + 4 > byteLength) return CUT_OFF;
    at += 2 + jpeg.getUint16(at + 2);
    if (at > byteLength) return CUT_OFF;
    if (marker === SCAN) return undefined;
  }
  return CUT_OFF;
}
