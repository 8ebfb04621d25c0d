import type { CodexOptions } from "../options/options.ts";
import { currentRuntime } from "../runtime/current.ts";
import { Redactor } from "./redact.ts";
import { secretsIn } from "./secrets.ts";

/**
 * Collects the secrets that the CLI was given in any turn, since the environment may
 * change between turns.
 */
export class KnownSecrets {
  readonly #options: CodexOptions;
  readonly #found = new Set<string>();
  #redactor: Redactor | undefined;

  /** Creates an empty collection for a client's options. */
  constructor(options: CodexOptions) {
    this.#options = options;
  }

  /** Adds the secrets that the CLI is given from now on. */
  note(): void {
    const known = this.#found.size;
    const found = secretsIn({
      options: this.#options,
      hostEnv: (name) => currentRuntime().env(name),
    });
    for (const secret of found) this.#found.add(secret);
    if (this.#found.size > known) this.#redactor = undefined;
  }

  /**
   * Adds a secret that is not in the options, such as the API key that a function has
   * returned.
   */
  add(secret: string | undefined): void {
    if (!secret || this.#found.has(secret)) return;
    this.#found.add(secret);
    this.#redactor = undefined;
  }

  /** Forgets a secret of a turn that has ended: a client has any number of turns. */
  forget(secret: string): void {
    this.#found.delete(secret);
    this.#redactor = undefined;
  }

  /** The redactor for the known secrets. */
  get redactor(): Redactor {
    this.#redactor ??= new Redactor([...this.#found]);
    return this.#redactor;
  }
}
