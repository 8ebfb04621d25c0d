/** Has zod, which the AI SDK checks chunks with, make no code: the page does not allow it. @module */

import { config } from "zod";

config({ jitless: true });
