/** The output of one tool call, as the CLI hands it back to the model. */
export interface ToolOutput {
  /** The id of the call that it answers. */
  readonly callId: string;
  /** The output as text; parts that are not text are left out. */
  readonly text: string;
}

/** The outcome of an exchange; `pending` until it has ended. */
export type RequestOutcome = "pending" | "answered" | "client-gone" | "cut";

/** A request that the model received, in full and with the parts that tests ask for. */
export interface RecordedRequest {
  /** The position among the requests for an answer, from 1; 0 for any other path. */
  readonly number: number;
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query, such as `/v1/responses`. */
  readonly path: string;
  /** The headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it arrived. */
  readonly text: string;
  /** The parsed body, or `undefined` where it is not JSON. */
  readonly body: unknown;
  /** The model that was asked for. */
  readonly model: string | undefined;
  /** The last text that the user wrote. */
  readonly prompt: string;
  /** The URLs of the images in the user's last message; mostly `data:` URLs. */
  readonly images: readonly string[];
  /** The outputs of all tool calls so far, in order. */
  readonly toolOutputs: readonly ToolOutput[];
  /** The names of the tools offered, with their namespace: `functions.exec`. */
  readonly tools: readonly string[];
  /** The `text.format` of the request, which carries the output schema. */
  readonly textFormat: unknown;
  /** The status code of the answer, 0 while there is none. */
  readonly status: number;
  /** `answered` in full, left by the client (`client-gone`) or `cut` by this side. */
  readonly outcome: RequestOutcome;
  /** The error that a function of the script threw for this request. */
  readonly failure: unknown;
}

/** The parts of a request that are known before its body is parsed. */
export interface RequestHead {
  /** The position among the requests for an answer, from 1; 0 for any other path. */
  readonly number: number;
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A record that its owner can still write to. */
export type OpenRecord = {
  -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key];
};

/**
 * Makes the record of a request that just arrived.
 *
 * @param head The parts that are known beside the body.
 * @param text The body.
 * @returns The record, its outcome still pending.
 */
export function recordRequest(head: RequestHead, text: string): OpenRecord {
  const body = parseJson(text);
  const fields = asRecord(body);
  const input = asRecords(fields.input);
  const asked = input.findLast(isUserMessage);
  const model = fields.model;
  return {
    ...head,
    text,
    body,
    model: typeof model === "string" ? model : undefined,
    prompt: joinTexts(asked?.content),
    images: asRecords(asked?.content).flatMap(imageUrls),
    toolOutputs: input.filter(isToolOutput).map(toToolOutput),
    tools: [fields, ...input].flatMap((holder) => toolNames(holder.tools)),
    textFormat: asRecord(fields.text).format,
    status: 0,
    outcome: "pending",
    failure: undefined,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isUserMessage(item: Fields): boolean {
  return item.type === "message" && item.role === "user";
}

function imageUrls(part: Fields): string[] {
  return typeof part.image_url === "string" ? [part.image_url] : [];
}

function isToolOutput(item: Fields): boolean {
  return typeof item.type === "string" && item.type.endsWith("_call_output");
}

function toToolOutput(item: Fields): ToolOutput {
  return { callId: String(item.call_id), text: joinTexts(item.output) };
}

// Known models get their tools as an item of the input, unknown ones beside it.
function toolNames(tools: unknown, prefix = ""): string[] {
  return asRecords(tools).flatMap((tool) => {
    const name = `${prefix}${String(tool.name ?? tool.type)}`;
    return tool.type === "namespace"
      ? toolNames(tool.tools, `${name}.`)
      : [name];
  });
}

function joinTexts(content: unknown): string {
  if (typeof content === "string") return content;
  return asRecords(content).map((part) => part.text)
    .filter((text) => typeof text === "string").join("\n");
}

function asRecords(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

function asRecord(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
