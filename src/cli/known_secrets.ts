import type { CodexOptions } from "../options/options.ts";
import { currentRuntime } from "../runtime/current.ts";
import { Redactor } from "./redact.ts";
import { secretsIn } from "./secrets.ts";

/** Keeps the secrets that the CLI was given in any turn: the environment may change meanwhile. */
export class KnownSecrets {
  readonly #options: CodexOptions;
  readonly #found = new Set<string>();
  #redactor: Redactor | undefined;

  /** Makes it for a client's options; nothing is looked for yet. */
  constructor(options: CodexOptions) {
    this.#options = options;
  }

  /** Notes the secrets that the CLI is given from now on. */
  note(): void {
    const known = this.#found.size;
    const found = secretsIn({
      options: this.#options,
      hostEnv: (name) => currentRuntime().env(name),
    });
    for (const secret of found) this.#found.add(secret);
    if (this.#found.size > known) this.#redactor = undefined;
  }

  /** Notes a secret that the options do not hold, such as the key that a function has given. */
  add(secret: string | undefined): void {
    if (!secret || this.#found.has(secret)) return;
    this.#found.add(secret);
    this.#redactor = undefined;
  }

  /** Forgets a secret of a turn that has ended: a client has any number of them. */
  forget(secret: string): void {
    this.#found.delete(secret);
    this.#redactor = undefined;
  }

  /** What takes out the secrets that are known. */
  get redactor(): Redactor {
    this.#redactor ??= new Redactor([...this.#found]);
    return this.#redactor;
  }
}
