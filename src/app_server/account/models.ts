import { isObject, type JsonObject } from "../../protocol/json.ts";
import { text } from "../connection/fields.ts";

/** A model that can be chosen. */
export interface Model {
  /** What `model` takes. */
  readonly id: string;
  /** Its name, for people. */
  readonly displayName: string;
  /** What it is for. */
  readonly description: string;
  /** True for the one that is used where none is chosen. */
  readonly isDefault: boolean;
  /** True for one that is not shown to people. */
  readonly hidden: boolean;
  /** The efforts of reasoning that it takes. */
  readonly reasoningEfforts: readonly string[];
  /** The effort that it uses where none is chosen. */
  readonly defaultReasoningEffort: string;
  /** True if it takes images. */
  readonly takesImages: boolean;
}

/** Reads a model as the server tells it; what is missing is empty. */
export function toModel(model: JsonObject): Model {
  const { supportedReasoningEfforts: efforts, inputModalities } = model;
  return {
    id: text(model.model) || text(model.id),
    displayName: text(model.displayName),
    description: text(model.description),
    isDefault: model.isDefault === true,
    hidden: model.hidden === true,
    reasoningEfforts: Array.isArray(efforts)
      ? efforts.filter(isObject).map(({ reasoningEffort }) =>
        text(reasoningEffort)
      )
      : [],
    defaultReasoningEffort: text(model.defaultReasoningEffort),
    // Older servers do not say it, and all of their models do.
    takesImages: !Array.isArray(inputModalities) ||
      inputModalities.includes("image"),
  };
}
