import { testColumn } from "../../scripts/conformance/column.ts";

await testColumn("node26-sync");
