import { assert, assertEquals } from "@std/assert";
import { readApproval } from "../../src/app_server/answers/approvals.ts";
import { TurnEvents } from "../../src/app_server/events/events.ts";
import { readMessage } from "../../src/app_server/connection/message_lines.ts";
import { isDelta, type StreamedEvent } from "../../src/protocol/deltas.ts";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import { isObject, type JsonObject } from "../../src/protocol/json.ts";

const FOLDER = new URL("../fixtures/app_server/", import.meta.url);

/** The result of replaying a recorded conversation. */
interface Replayed {
  /** The types of each turn's events, by the turn's id; events of items include the item's type. */
  readonly turns: Map<string, string[]>;
  readonly diagnostics: Diagnostic[];
  readonly approvals: string[];
}

/** Replays the server's messages of a recorded conversation. */
async function replay(name: string): Promise<Replayed> {
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  const mappers = new Map<string, TurnEvents>();
  const replayed: Replayed = {
    turns: new Map(),
    diagnostics: [],
    approvals: [],
  };
  for (const line of text.trim().split("\n")) {
    const { d, m } = JSON.parse(line);
    if (d !== "<") continue;
    const message = readMessage(m);
    assert(message !== undefined, line);
    if (message.kind === "response") continue;
    const { method, params } = message;
    const id = readTurnId(params);
    if (id === undefined) continue;
    let mapper = mappers.get(id);
    if (mapper === undefined) {
      mapper = new TurnEvents({
        deltas: true,
        onDiagnostic: (each) => replayed.diagnostics.push(each),
      });
      mappers.set(id, mapper);
      replayed.turns.set(id, []);
    }
    if (message.kind === "request") {
      const asked = readApproval(method, params, () => ({
        id: "item_0",
        item: mapper?.openItems.find((item) => item.id === params.itemId),
      }));
      if (asked !== undefined) replayed.approvals.push(asked.request.type);
      continue;
    }
    for (const event of mapper.map(method, params)) {
      replayed.turns.get(id)?.push(describe(event));
    }
  }
  return replayed;
}

function readTurnId({ turnId, turn }: JsonObject): string | undefined {
  if (typeof turnId === "string") return turnId;
  return isObject(turn) && typeof turn.id === "string" ? turn.id : undefined;
}

function describe(event: StreamedEvent): string {
  if (isDelta(event)) return event.type;
  return "item" in event ? `${event.type} ${event.item.type}` : event.type;
}

const NAMES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

Deno.test("Every recorded conversation is read without a diagnostic", async () => {
  assertEquals(NAMES.length, 29);
  for (const name of NAMES) {
    const { diagnostics } = await replay(name);
    assertEquals([name, diagnostics], [name, []]);
  }
});

/** The approval requests of each conversation that has any. */
const APPROVALS: { readonly [name: string]: readonly string[] } = {
  "02-command-approval-accept": ["command"],
  "03-command-approval-decline": ["command"],
  "04-command-approval-cancel": ["command"],
  "05-approval-unanswered-then-interrupt": ["command"],
  "06-file-change-approval-accept": ["file_change"],
  "07-file-change-approval-decline": ["file_change"],
  "11-mcp-tool-approval-by-elicitation": ["mcp_tool"],
  "26-terminal-interaction": ["command", "terminal_input"],
};

Deno.test("Approval requests in recorded conversations are read, and other requests are not", async () => {
  const found: Record<string, readonly string[]> = {};
  for (const name of NAMES) {
    const { approvals } = await replay(name);
    if (approvals.length > 0) found[name.replace(".jsonl", "")] = approvals;
  }
  assertEquals(found, APPROVALS);
});

/** The events of conversations, without deltas. */
const EVENTS: { readonly [name: string]: readonly (readonly string[])[] } = {
  "01-plain-turn-with-deltas": [[
    "turn.started",
    "item.completed reasoning",
    "item.completed agent_message",
    "turn.completed",
  ]],
  "16-command-output-deltas": [[
    "turn.started",
    "item.started command_execution",
    "item.completed command_execution",
    "item.completed agent_message",
    "turn.completed",
  ]],
  "19-failed-401": [["turn.started", "error", "turn.failed"]],
  "23-stream-dropped-retry": [[
    "turn.started",
    "error",
    "error",
    "item.completed agent_message",
    "turn.completed",
  ]],
  "28-plan-updates": [[
    "turn.started",
    "item.started todo_list",
    "item.updated todo_list",
    "item.completed agent_message",
    "item.completed todo_list",
    "turn.completed",
  ]],
};

for (const [name, turns] of Object.entries(EVENTS)) {
  Deno.test(`The events of ${name} are those of codex exec`, async () => {
    const replayed = await replay(`${name}.jsonl`);
    assertEquals(
      [...replayed.turns.values()].map((events) =>
        events.filter((each) => each !== "item.delta" && each !== "turn.diff")
      ),
      turns.map((each) => [...each]),
    );
  });
}

Deno.test("The same diff is reported once", async () => {
  const { turns } = await replay("06-file-change-approval-accept.jsonl");
  const diffs = [...turns.values()].flat().filter((each) =>
    each === "turn.diff"
  );
  assertEquals(diffs.length, 1);
});
