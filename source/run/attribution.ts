import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestListener } from './ports.ts';

/** Request ids of an action's writes, as AWS and the API server gave them. */
type Sink = { readonly requestIds: string[] };

const current = new AsyncLocalStorage<Sink>();

/** Runs `work` so that the writes that it sends, and no others', are noted in `sink`. */
export const attributed = <T>(sink: Sink, work: () => Promise<T>): Promise<T> => current.run(sink, work);

/** Listens to requests and notes those of actions with their actions: ports tell a request where it was sent from. */
export const noteForAction: RequestListener = ({ write, requestId }) => {
  if (write && requestId !== undefined) current.getStore()?.requestIds.push(requestId);
};
