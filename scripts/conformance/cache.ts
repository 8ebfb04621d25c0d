/**
 * Where the suite keeps what it installs.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";

/** The suite's folder, not under version control. */
export const CACHE: URL = new URL(".cache/conformance/", ROOT_URL);
