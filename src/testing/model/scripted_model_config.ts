// A type alias, as an interface is not assignable to a type with an index signature.
/** The config that the CLI needs to talk to a scripted model; fits `CodexOptions.config`. */
export type ScriptedModelConfig = {
  /** The provider to use: `mock`. */
  model_provider: string;
  /** The provider's settings, under its name. */
  model_providers: {
    /** The scripted model as a provider. */
    mock: {
      /** The name that the CLI shows. */
      name: string;
      /** The base URL of the model. */
      base_url: string;
      /** The API that it speaks: `responses`. */
      wire_api: string;
      /** The environment variable that holds the key. */
      env_key: string;
      /** `false`, as the CLI would otherwise try WebSockets first, which costs seconds. */
      supports_websockets: boolean;
      /** The number of times that the CLI retries a failed request. */
      request_max_retries: number;
      /** The number of times that the CLI retries a stream that broke off. */
      stream_max_retries: number;
      /** The longest silence of a stream that the CLI accepts, in milliseconds. */
      stream_idle_timeout_ms: number;
    };
  };
  /** Features of the CLI that are off. */
  features: {
    /** `false`: a refused connection fails at once, and is not retried without end. */
    unbounded_connection_retries: boolean;
    /** `false`: the CLI would fetch its plugins from GitHub. */
    plugins: boolean;
  };
  /** The CLI's reports on its use. */
  analytics: {
    /** `false`: the CLI would send them to OpenAI. */
    enabled: boolean;
  };
  /** `update_plan` on: the tool behind `todo_list` items. */
  tools: {
    /** The tool with which the model writes its plan. */
    update_plan: {
      /** `true` if the tool is offered. */
      enabled: boolean;
    };
  };
};

/** The CLI's behaviour when a scripted model fails. */
export interface ScriptedModelOptions {
  /** The number of times that the CLI retries a failed request. @default {0} */
  readonly requestMaxRetries?: number;
  /** The number of times that the CLI retries a stream that broke off. @default {0} */
  readonly streamMaxRetries?: number;
  /** The longest silence of a stream that the CLI accepts, in milliseconds. @default {300000} */
  readonly streamIdleTimeoutMs?: number;
}

/**
 * Builds the CLI's config for a model that listens at a base URL.
 *
 * @param baseUrl The base URL of the model.
 * @param options The CLI's behaviour when the model fails.
 * @returns The config.
 */
export function scriptedModelConfig(
  baseUrl: string,
  options: ScriptedModelOptions = {},
): ScriptedModelConfig {
  return {
    model_provider: "mock",
    model_providers: {
      mock: {
        name: "Scripted model",
        base_url: baseUrl,
        wire_api: "responses",
        env_key: "CODEX_API_KEY",
        supports_websockets: false,
        request_max_retries: options.requestMaxRetries ?? 0,
        stream_max_retries: options.streamMaxRetries ?? 0,
        stream_idle_timeout_ms: options.streamIdleTimeoutMs ?? 300_000,
      },
    },
    // Otherwise the CLI retries a refused connection without end (facts F19), and
    // contacts other hosts than the model (facts F73).
    features: { unbounded_connection_retries: false, plugins: false },
    analytics: { enabled: false },
    // Without it the CLI prints no `todo_list` items (facts F22).
    tools: { update_plan: { enabled: true } },
  };
}
