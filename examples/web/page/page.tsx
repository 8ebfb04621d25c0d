/** The page: loads the messages so far, and reloads them when another tab changes them. @module */

import "./no_eval.ts"; // before all others
import { useCallback, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import type { ChatState } from "../messages.ts";
import { ask } from "./api.ts";
import { Chat } from "./chat.tsx";
import "./page.css";

/** Tells the other tabs that something has changed. */
const TABS = new BroadcastChannel("conversation");

function Page() {
  // Each loaded state gets its own chat.
  const [loaded, setLoaded] = useState<{ state: ChatState; version: number }>();
  const [error, setError] = useState("");

  const load = useCallback(async () => {
    try {
      const response = await ask("GET", "/api/chat");
      const state: ChatState = await response.json();
      setLoaded((last) => ({ state, version: (last?.version ?? 0) + 1 }));
      setError("");
    } catch (error) {
      setError(error instanceof Error ? error.message : String(error));
    }
  }, []);

  useEffect(() => {
    load();
    TABS.addEventListener("message", load);
    return () => TABS.removeEventListener("message", load);
  }, [load]);

  const tellTabs = useCallback(() => TABS.postMessage("changed"), []);

  return (
    <>
      {error !== "" && (
        <p className="error" role="alert">
          {error} <button type="button" onClick={load}>Try again</button>
        </p>
      )}
      {loaded !== undefined && (
        <Chat
          key={loaded.version}
          state={loaded.state}
          reload={load}
          tellTabs={tellTabs}
        />
      )}
    </>
  );
}

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<Page />);
