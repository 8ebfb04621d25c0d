/** The conversation and the input field. @module */

import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { ChatMessage, ChatState } from "../messages.ts";
import { ask, HEADERS } from "./api.ts";
import { Part } from "./part.tsx";

/** The key of this tab's draft in storage, for when the chat is reloaded. */
const DRAFT = "draft";

/** Shows a conversation, starting with a state. */
export function Chat({ state, reload, tellTabs }: {
  readonly state: ChatState;
  /** Reloads the state. */
  readonly reload: () => void;
  /** Makes the other tabs reload it too. */
  readonly tellTabs: () => void;
}) {
  const transport = useMemo(() =>
    new DefaultChatTransport<ChatMessage>({
      api: "/api/chat",
      headers: HEADERS,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (response.ok && init?.method === "POST") tellTabs();
        return response;
      },
      prepareSendMessagesRequest: ({ messages }) => ({
        body: lastText(messages),
      }),
      prepareReconnectToStreamRequest: () => ({
        api: `/api/turns/${state.turnId}`,
      }),
    }), [state, tellTabs]);
  const { messages, sendMessage, status, error } = useChat<ChatMessage>({
    messages: [...state.messages],
    resume: state.turnId !== null,
    transport,
    throttle: 50,
  });
  const isBusy = status === "submitted" || status === "streaming";
  const [problem, setProblem] = useState("");
  const [draft, setDraft] = useState(sessionStorage.getItem(DRAFT) ?? "");
  useEffect(() => sessionStorage.setItem(DRAFT, draft), [draft]);

  /** Sends a request to the server, and shows the reason if it fails. */
  const tell = (method: string, path: string, body?: unknown) =>
    ask(method, path, body).then(() => setProblem(""), (error) => {
      setProblem(error instanceof Error ? error.message : String(error));
    });

  const send = () => {
    if (draft.trim() === "" || isBusy) return;
    sendMessage({ text: draft });
    setDraft("");
  };
  const sendAtEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const beginAnew = async () => {
    await tell("DELETE", "/api/chat");
    tellTabs();
    reload();
  };
  const trouble = error?.message ?? problem;

  return (
    <main>
      <header>
        <h1>Agent</h1>
        <button type="button" onClick={beginAnew}>New conversation</button>
      </header>
      <section role="log">
        <div>
          {messages.map(({ id, role, parts }, index) => (
            <article key={id} className={role} aria-label={role}>
              {parts.map((part, number) => (
                <Part
                  key={number}
                  part={part}
                  progress={isBusy && index === messages.length - 1
                    ? isAsked(parts) ? "waiting" : "running"
                    : "not ended"}
                  decide={(approvalId, isAllowed) =>
                    tell("POST", `/api/approvals/${approvalId}`, { isAllowed })}
                />
              ))}
            </article>
          ))}
          {status === "submitted" && <p className="waiting">…</p>}
        </div>
      </section>
      {trouble !== "" && (
        <p className="error" role="alert">
          {trouble} <button type="button" onClick={reload}>Load again</button>
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          aria-label="Message"
          placeholder="What is to be done?"
          rows={3}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={sendAtEnter}
        />
        {isBusy
          ? (
            <button
              type="button"
              className="stop"
              onClick={() => tell("POST", "/api/stop")}
            >
              Stop
            </button>
          )
          : <button type="submit" disabled={draft.trim() === ""}>Send</button>}
      </form>
    </main>
  );
}

/** Tells whether an approval request is open. */
function isAsked(parts: ChatMessage["parts"]): boolean {
  return parts.some((part) =>
    part.type === "data-approval" && part.data.state === "asked"
  );
}

/** Returns the newest message: the server has all others. */
function lastText(messages: readonly ChatMessage[]) {
  const last = messages.at(-1);
  const texts = last?.parts.map((part) =>
    part.type === "text" ? part.text : ""
  );
  return { id: last?.id, text: texts?.join("") };
}
