import { testColumn } from "../../../scripts/conformance/column.ts";

await testColumn("node24-sync");
