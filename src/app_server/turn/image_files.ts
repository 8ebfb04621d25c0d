import { TurnFiles } from "../../cli/temp_files.ts";
import { currentRuntime } from "../../runtime/current.ts";
import type { TurnImage } from "../../transport/transport.ts";
import type { LocalServer } from "../server/server_link.ts";

/** Temporary files for a turn's images in memory, so that the server can read them while the turn runs. */
export class ImageFiles {
  #left: (() => Promise<void>)[] = [];
  #isOver = false;

  /**
   * Writes images in memory to files, which the watchdog removes if the host ends first;
   * returns all images as files.
   */
  async write(
    server: LocalServer,
    images: readonly TurnImage[],
  ): Promise<readonly TurnImage[]> {
    if (images.every(({ source }) => typeof source === "string")) return images;
    const files = new TurnFiles();
    this.#left.push(() => files.remove());
    const paths = await files.writeImages(currentRuntime(), images);
    const watchdog = await server.guard(files.folders);
    this.#left.push(async () => await watchdog?.dismiss());
    // The turn may have ended while the files were written.
    if (this.#isOver) await this.remove();
    return images.map((image, index) => ({
      ...image,
      source: paths[index] as string,
    }));
  }

  /** Removes the files, including those that are still being written. */
  async remove(): Promise<void> {
    this.#isOver = true;
    for (const remove of this.#left.splice(0)) await remove();
  }
}
