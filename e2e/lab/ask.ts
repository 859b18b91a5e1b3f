/**
 * `fetch` on a connection of its own. A connection that is kept for the next request may be closed by its server in the moment in which that request
 * goes out, and a test that was busy for as long as servers keep them meets exactly that moment (ECONNRESET).
 */
export function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    ...init,
    headers: { ...(init.headers as Record<string, string> | undefined), connection: 'close' },
  });
}
