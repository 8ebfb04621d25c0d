import { isObject, type JsonObject } from "../../protocol/json.ts";
import { text } from "../connection/fields.ts";

/** An available model. */
export interface Model {
  /** The id to pass as `model`. */
  readonly id: string;
  /** The model's name for users. */
  readonly displayName: string;
  /** The model's purpose, for users. */
  readonly description: string;
  /** True for the model that is used if none is chosen. */
  readonly isDefault: boolean;
  /** True for a model that is hidden from users. */
  readonly hidden: boolean;
  /** The reasoning efforts that the model supports. */
  readonly reasoningEfforts: readonly string[];
  /** The reasoning effort that is used if none is chosen. */
  readonly defaultReasoningEffort: string;
  /** True if the model accepts images. */
  readonly supportsImages: boolean;
}

/** Reads a model in the server's form; missing texts are empty. */
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
    // Older servers do not report this, and all of their models accept images.
    supportsImages: !Array.isArray(inputModalities) ||
      inputModalities.includes("image"),
  };
}
