import type { JsonObject } from "../protocol/json.ts";

/** What every question of an MCP server says. */
export interface ElicitationOrigin {
  /** The thread in which it is asked. */
  readonly threadId: string;
  /** Its turn, as the server names it; `null` where it belongs to none. */
  readonly turnId: string | null;
  /** The MCP server's name in the configuration. */
  readonly server: string;
  /** Its words. */
  readonly message: string;
}

/** An MCP server asks for values. */
export interface FormElicitation extends ElicitationOrigin {
  /** Tells this kind of question from the others. */
  readonly mode: "form";
  /** The JSON Schema of the values: an object of plain properties. */
  readonly schema: JsonObject;
}

/** An MCP server asks for a page to be visited, as for a login. */
export interface UrlElicitation extends ElicitationOrigin {
  /** Tells this kind of question from the others. */
  readonly mode: "url";
  /** The page. The MCP server has chosen it: show it, and its host, before it is opened. */
  readonly url: string;
}

/** A question of an MCP server. */
export type ElicitationRequest = FormElicitation | UrlElicitation;

/** The answer to a question: `decline` says no, `cancel` that nobody has answered. */
export type ElicitationAnswer =
  | {
    /** Says yes. */
    readonly action: "accept";
    /** The values of a form. */
    readonly content?: JsonObject;
  }
  | {
    /** Says no, or nothing. */
    readonly action: "decline" | "cancel";
  };

/**
 * Answers a question; may be called for several at once. What it throws, and what is no
 * answer, is a `decline` and a warning of the turn.
 */
export type ElicitationHandler = (
  request: ElicitationRequest,
  context: {
    /** Aborted when the answer is no longer wanted. */
    readonly signal: AbortSignal;
  },
) => ElicitationAnswer | Promise<ElicitationAnswer>;
