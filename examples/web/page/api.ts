/** Asks the server. The token stands in the address once, and is kept for other tabs. @module */

const given = location.hash.slice(1);
if (given !== "") {
  localStorage.setItem("token", given);
  history.replaceState(null, "", location.pathname);
}
// The address of a server that was started anew, in a tab that is open.
addEventListener("hashchange", () => location.reload());

/** The headers of each request. */
export const HEADERS = {
  authorization: `Bearer ${localStorage.getItem("token") ?? "none"}`,
};

/** Asks the server for something; fails with what it says if it refuses. */
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
