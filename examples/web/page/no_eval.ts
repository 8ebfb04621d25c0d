/** Stops zod, which the AI SDK uses, from generating code: the page forbids it. @module */

import { config } from "zod";

config({ jitless: true });
