/** The output of one tool call, as the CLI hands it back to the model. */
export interface ToolOutput {
  /** The id of the call. */
  readonly callId: string;
  /** The text of the output; other parts are omitted. */
  readonly text: string;
}

/** The outcome of an exchange; `pending` until it has ended. */
export type RequestOutcome = "pending" | "answered" | "client-gone" | "cut";

/** A request that the model received: the whole of it, and the parts that tests use. */
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
  /** The parsed body, or `undefined` if it is not JSON. */
  readonly body: unknown;
  /** The requested model. */
  readonly model: string | undefined;
  /** The text of the user's last message. */
  readonly prompt: string;
  /** The URLs of the images in the user's last message, mostly `data:` URLs. */
  readonly images: readonly string[];
  /** The outputs of all tool calls so far, in order. */
  readonly toolOutputs: readonly ToolOutput[];
  /** The names of the tools offered, with their namespace: `functions.exec`. */
  readonly tools: readonly string[];
  /** The `text.format` of the request, which contains the output schema. */
  readonly textFormat: unknown;
  /** The status code of the answer, 0 until there is one. */
  readonly status: number;
  /** `answered` in full, abandoned by the client (`client-gone`) or `cut` by the model. */
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

/** A writable record, for its owner. */
export type OpenRecord = {
  -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key];
};

/**
 * Creates the record of a request that has just arrived.
 *
 * @param head The parts other than the body.
 * @param text The body.
 * @returns The record, with the outcome `pending`.
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

// The CLI sends the tools of models that it knows as an item of the input, else next to it.
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
