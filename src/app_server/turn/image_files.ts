import { TurnFiles } from "../../cli/temp_files.ts";
import { currentRuntime } from "../../runtime/current.ts";
import type { TurnImage } from "../../transport/transport.ts";
import type { LocalServer } from "../server/server_link.ts";

/** The images of one turn that come from memory, as files that the server can read: for as long as the turn lives. */
export class ImageFiles {
  #left: (() => Promise<void>)[] = [];
  #isOver = false;

  /** Writes the images from memory, which a host that ends first leaves to the watchdog; gives all as files. */
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
    // The turn may have ended while they were written.
    if (this.#isOver) await this.remove();
    return images.map((image, index) => ({
      ...image,
      source: paths[index] as string,
    }));
  }

  /** Removes them, and those that are still being written. */
  async remove(): Promise<void> {
    this.#isOver = true;
    for (const remove of this.#left.splice(0)) await remove();
  }
}
