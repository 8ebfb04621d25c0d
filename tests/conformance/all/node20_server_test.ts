import { testColumn } from "../../../scripts/conformance/column.ts";

await testColumn("node20-server");
