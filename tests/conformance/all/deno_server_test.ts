import { testColumn } from "../../../scripts/conformance/column.ts";

await testColumn("deno-server");
