/** Requests to an API server that share no code with the client under test: for setting up what it shall find. */
import { request } from 'node:https';

/** Rejects, with what the server said, unless it answered 2xx. */
export type RawApi = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;

export const rawApi =
  (server: string, ca: string, token: string): RawApi =>
  (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const call = request(`${server}${path}`, { method, ca, headers }, async response => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        const good = response.statusCode !== undefined && response.statusCode < 300;
        if (good) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text}`));
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
