import type { JsonObject } from "../protocol/json.ts";

/** The fields that all questions of MCP servers share. */
export interface ElicitationOrigin {
  /** The id of the thread in which it is asked. */
  readonly threadId: string;
  /** The server's id of the turn in which it is asked; `null` if it belongs to none. */
  readonly turnId: string | null;
  /** The MCP server's name in the configuration. */
  readonly server: string;
  /** The text of the question. */
  readonly message: string;
}

/** A question of an MCP server for values. */
export interface FormElicitation extends ElicitationOrigin {
  /** Identifies the kind of question. */
  readonly mode: "form";
  /** The JSON Schema of the values: an object with primitive properties. */
  readonly schema: JsonObject;
}

/** A request of an MCP server to visit a page, such as for a login. */
export interface UrlElicitation extends ElicitationOrigin {
  /** Identifies the kind of question. */
  readonly mode: "url";
  /** The URL of the page. The MCP server chose it: show it and its host before you open it. */
  readonly url: string;
}

/** A question of an MCP server. */
export type ElicitationRequest = FormElicitation | UrlElicitation;

/** The answer to a question. */
export type ElicitationAnswer =
  | {
    /** Agrees to the request. */
    readonly action: "accept";
    /** The values, for a form. */
    readonly content?: JsonObject;
  }
  | {
    /** Refuses (`decline`), or reports that nobody has answered (`cancel`). */
    readonly action: "decline" | "cancel";
  };

/**
 * Answers a question of an MCP server. May be called for several questions at once. If it
 * throws, or returns something else than an answer, the answer is `decline` and the turn
 * gets a warning.
 */
export type ElicitationHandler = (
  request: ElicitationRequest,
  context: {
    /** Aborted when the answer is no longer needed. */
    readonly signal: AbortSignal;
  },
) => ElicitationAnswer | Promise<ElicitationAnswer>;
