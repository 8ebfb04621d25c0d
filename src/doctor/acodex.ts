#!/usr/bin/env node
/** The program `acodex` of the npm package: `npx @acodex/sdk doctor`. @module */

import { runDoctor } from "./program.ts";

runDoctor(true);
