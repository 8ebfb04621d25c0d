/** Calls the server. The token comes from the address and is stored for other tabs. @module */

const given = location.hash.slice(1);
if (given !== "") {
  localStorage.setItem("token", given);
  history.replaceState(null, "", location.pathname);
}
// The address of a restarted server, opened in an existing tab.
addEventListener("hashchange", () => location.reload());

/** The headers of each request. */
export const HEADERS = {
  authorization: `Bearer ${localStorage.getItem("token") ?? "none"}`,
};

/** Sends a request to the server; throws the server's message if it refuses. */
export async function ask(
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: { ...HEADERS, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Error(
    response.status === 401
      ? "Open the address that the server has printed."
      : await response.text(),
  );
}
