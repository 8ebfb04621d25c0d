// A turn within a span of the program's, traced by OpenTelemetry itself: prints the spans.
import { Codex } from "@acodex/sdk";
import { traceTurns } from "@acodex/sdk/otel";
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import process from "node:process";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
api.context.setGlobalContextManager(
  new AsyncLocalStorageContextManager().enable(),
);
const tracer = provider.getTracer("test");
const codex = new Codex({ onTurn: traceTurns(tracer, api) });
const thread = codex.startThread({ sandboxMode: "danger-full-access" });

// Two at once: each turn belongs to the span that it was begun in.
const results = await Promise.all(
  ["first", "second"].map((name) =>
    tracer.startActiveSpan(name, async (span) => {
      const turn = await codex
        .startThread({ sandboxMode: "danger-full-access" }).run(name);
      span.end();
      return [name, turn.threadId, turn.warnings];
    })
  ),
);
await thread.run("fail").catch(() => {});
const spans = exporter.getFinishedSpans();
process.stdout.write(JSON.stringify({
  results,
  spans: spans.map((span) => ({
    name: span.name,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    status: span.status.code,
    attributes: span.attributes,
  })),
}));
