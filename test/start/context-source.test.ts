import { expect, it } from 'vitest';
import { RequestFeed } from '../../source/read/request-feed.ts';
import type { ScopedWorld, WorldSession } from '../../source/read/world.ts';
import { contextSource } from '../../source/start/context-source.ts';

const session = { id: 'prod eu-west-1', profile: 'prod', region: 'eu-west-1' } as WorldSession;

it('joins a region that is still being left when it has been left', async () => {
  const done: string[] = [];
  const ended = Promise.withResolvers<void>();
  const world = {
    sessions: [session],
    open: async () => {
      done.push('open');
      return session;
    },
    drop: () => void done.push('drop'),
  } as unknown as ScopedWorld;
  const model = {
    join: () => void done.push('join'),
    leave: () => {
      done.push('leave');
      return ended.promise;
    },
  };
  const { control } = contextSource(Promise.resolve(world), undefined, [], { model, feed: new RequestFeed() }, {});
  const left = control?.leave(session.id);
  const joined = control?.join('prod', 'eu-west-1');
  // Whatever does not wait for the end is done by then.
  await new Promise(setImmediate);
  ended.resolve();
  await Promise.all([left, joined]);
  expect(done).toEqual(['leave', 'drop', 'open', 'join']);
});
