/** The parts of a message. @module */

import type { DynamicToolUIPart } from "ai";
import type { Approval, ChatMessage } from "../messages.ts";

/** Shows a part. */
export function Part({ part, progress, decide }: {
  readonly part: ChatMessage["parts"][number];
  /** The note on a command that has not ended. */
  readonly progress: string;
  readonly decide: (approvalId: string, isAllowed: boolean) => void;
}) {
  switch (part.type) {
    case "text":
      // The agent separates the messages of an answer with newlines.
      return <p className="text">{part.text.trim()}</p>;
    case "reasoning":
      return (
        <details className="reasoning">
          <summary>Thinking</summary>
          {part.text}
        </details>
      );
    case "dynamic-tool":
      return <Tool part={part} progress={progress} />;
    case "data-approval":
      return (
        <Question
          approval={part.data}
          decide={(isAllowed) => decide(part.id ?? "", isAllowed)}
        />
      );
    case "data-notice":
      return <p className="notice">{part.data.text}</p>;
    default:
      return null;
  }
}

/** Shows a command with its output, or another action of the agent. */
function Tool({ part, progress }: {
  readonly part: DynamicToolUIPart;
  readonly progress: string;
}) {
  const { title, output, note = progress } = readTool(part);
  return (
    <figure className="tool">
      <figcaption>
        <code>{title}</code>
        <small>{note}</small>
      </figcaption>
      {output !== "" && <pre>{output}</pre>}
    </figure>
  );
}

/** Reads a tool call's title, output and note. */
function readTool(
  { toolName, input, state, output, errorText }: DynamicToolUIPart,
) {
  const given = (input ?? {}) as Readonly<Record<string, unknown>>;
  const result = (output ?? {}) as Readonly<Record<string, unknown>>;
  const isShell = toolName === "shell";
  const title = isShell
    ? `$ ${given.command}`
    : toolName === "apply_patch"
    ? listChanges(given.changes)
    : `${toolName} ${JSON.stringify(given)}`;
  if (state === "output-error") return { title, output: "", note: errorText };
  if (state !== "output-available") return { title, output: "" };
  if (!isShell) return { title, output: "", note: "done" };
  return {
    title,
    output: String(result.output ?? ""),
    note: result.exitCode ? `exit code ${result.exitCode}` : "",
  };
}

function listChanges(changes: unknown): string {
  const all = (changes ?? []) as readonly { kind: string; path: string }[];
  return all.map(({ kind, path }) => `${kind} ${path}`).join("\n");
}

const DECIDED = {
  allowed: "Allowed",
  declined: "Declined",
  withdrawn: "Not asked any more",
};

/** Shows an approval request. */
function Question({ approval: { title, detail, reason, state }, decide }: {
  readonly approval: Approval;
  readonly decide: (isAllowed: boolean) => void;
}) {
  return (
    <section className={`question ${state}`} aria-label={title}>
      <strong>{title}</strong>
      {reason !== null && <p>{reason}</p>}
      <pre>{detail}</pre>
      {state === "asked"
        ? (
          <div className="buttons">
            <button type="button" onClick={() => decide(true)}>Allow</button>
            <button type="button" onClick={() => decide(false)}>Decline</button>
          </div>
        )
        : <small>{DECIDED[state]}</small>}
    </section>
  );
}
