import { describe, expect, test } from 'vitest';
import { type Answer, json, scriptedServer, status, statusBody } from './scripted-server.ts';
import { all, FakeClock, failureOf, portTo, until } from './support.ts';

const named = (name: string, version = '1') => ({ metadata: { name, namespace: 'shop', resourceVersion: version } });

const page = (names: readonly string[], metadata: Record<string, unknown>) =>
  json(200, { kind: 'ServiceAccountList', metadata, items: names.map(name => named(name)) });

describe('a list', () => {
  test('comes in pages of 500 that all carry the first version', async () => {
    const server = await scriptedServer([
      page(['a', 'b'], { resourceVersion: '10', continue: 'next/1', remainingItemCount: 3 }),
      page(['c', 'd'], { resourceVersion: '10', continue: 'next/2', remainingItemCount: 1 }),
      page(['e'], { resourceVersion: '10' }),
    ]);
    const { port } = portTo(server.url);
    const pages = await all(port.serviceAccounts.list());
    expect(pages.map(each => each.items.map(item => item.serviceAccount))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(pages.map(each => each.remaining)).toEqual([3, 1, 0]);
    expect(server.seen.map(each => each.query.get('continue'))).toEqual([null, 'next/1', 'next/2']);
    expect(server.seen.map(each => each.query.get('limit'))).toEqual(['500', '500', '500']);
  });

  test('goes on at a newer version when its own is gone, and still says from where to watch', async () => {
    const server = await scriptedServer([
      page(['a'], { resourceVersion: '10', continue: 'old' }),
      json(410, statusBody(410, 'Expired', 'too old', { metadata: { continue: 'newer' } })),
      page(['b'], { resourceVersion: '99' }),
    ]);
    const { port } = portTo(server.url);
    const pages = await all(port.serviceAccounts.list());
    expect(pages.map(each => each.resourceVersion)).toEqual(['10', '10']);
    expect(server.seen[2]?.query.get('continue')).toBe('newer');
  });

  test('without a way to go on fails as expired', async () => {
    const server = await scriptedServer([
      page(['a'], { resourceVersion: '10', continue: 'old' }),
      status(410, 'Expired', 'too old'),
    ]);
    const { port } = portTo(server.url);
    expect(await failureOf(all(port.serviceAccounts.list()))).toMatchObject({ code: 'Expired', status: 410 });
  });

  test('leaves out what has no name, and keeps the rest', async () => {
    const items = [null, 7, {}, { metadata: null }, { metadata: { name: 'x' } }, named('good')];
    const server = await scriptedServer(json(200, { metadata: { resourceVersion: '1' }, items }));
    const { port } = portTo(server.url);
    const [only] = await all(port.serviceAccounts.list());
    expect(only?.items.map(item => item.serviceAccount)).toEqual(['good']);
  });

  test('that Go wrote as null is empty; what is no list is a failure and never empty', async () => {
    const server = await scriptedServer([
      json(200, { metadata: { resourceVersion: '1' }, items: null }),
      json(200, {}),
    ]);
    const { port } = portTo(server.url);
    expect(await all(port.pods.list())).toEqual([{ items: [], resourceVersion: '1', remaining: 0 }]);
    expect(await failureOf(all(port.pods.list()))).toMatchObject({ kind: 'server' });
  });

  test('of one namespace asks for no more', async () => {
    const server = await scriptedServer(page([], { resourceVersion: '1' }));
    const { port } = portTo(server.url);
    await all(port.pods.list({ namespace: 'shop' }));
    expect(server.seen[0]?.path).toBe('/api/v1/namespaces/shop/pods');
  });
});

/** A watch that sends these events and then ends. */
const events =
  (...lines: readonly unknown[]): Answer =>
  (_request, response) => {
    response.writeHead(200).end(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  };

describe('a watch', () => {
  test('begins with a bookmark of its own, tells changes, and ends with the stream', async () => {
    const server = await scriptedServer(
      events(
        { type: 'ADDED', object: named('a', '11') },
        { type: 'MODIFIED', object: named('a', '12') },
        {
          type: 'BOOKMARK',
          object: { kind: 'ServiceAccount', metadata: { resourceVersion: '13', creationTimestamp: null } },
        },
        { type: 'SOMETHING', object: {} },
        { type: 'ADDED', object: { metadata: {} } },
        { type: 'DELETED', object: named('a', '14') },
      ),
    );
    const { port } = portTo(server.url);
    const seen = await all(port.serviceAccounts.watch('10'));
    expect(seen.map(event => [event.type, event.resourceVersion])).toEqual([
      ['bookmark', '10'],
      ['put', '11'],
      ['put', '12'],
      ['bookmark', '13'],
      ['bookmark', '13'],
      ['delete', '14'],
    ]);
    const query = server.seen[0]?.query;
    expect([query?.get('watch'), query?.get('allowWatchBookmarks'), query?.get('resourceVersion')]).toEqual([
      '1',
      'true',
      '10',
    ]);
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(240);
  });

  test.each([
    [
      'an event in the stream',
      events({ type: 'ERROR', object: statusBody(410, 'Expired', 'too old resource version: 1 (9)') }),
    ],
    ['the answer itself', status(410, 'Gone', 'too old resource version')],
    [
      'a version that the server has not reached',
      json(
        504,
        statusBody(504, 'Timeout', 'Too large', { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }),
      ),
    ],
  ])('asks for a new list: %s', async (_name, answer) => {
    const server = await scriptedServer(answer);
    const { port } = portTo(server.url);
    expect(await failureOf(all(port.pods.watch('1')))).toMatchObject({ code: 'Expired' });
  });

  test('that breaks inside an event, or without an end, is a failure', async () => {
    const server = await scriptedServer([
      (_request, response) => void response.end('{"type":"ADDED","obj'),
      (_request, response) => {
        response.write('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"5"}}}\n');
        setImmediate(() => response.destroy());
      },
    ]);
    const { port } = portTo(server.url);
    expect(await failureOf(all(port.pods.watch('1')))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('middle'),
    });
    expect(await failureOf(all(port.pods.watch('1')))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('cut'),
    });
  });

  test('that outlives its time in silence is given up', async () => {
    const clock = new FakeClock();
    const server = await scriptedServer((_request, response) => void response.writeHead(200).flushHeaders());
    const { port } = portTo(server.url, { clock });
    const seen: string[] = [];
    const watching = failureOf(
      (async () => {
        for await (const event of port.pods.watch('1')) seen.push(event.type);
      })(),
    );
    await until(() => seen.length === 1);
    await clock.advance(269_000);
    expect(clock.sleeping).toBe(1);
    await clock.advance(2_000);
    expect(await watching).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('silent') });
  });

  test('that nobody reads any more is closed at the server, too', async () => {
    let closed = false;
    const server = await scriptedServer((_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(200).flushHeaders();
    });
    const { port } = portTo(server.url);
    for await (const event of port.pods.watch('1')) if (event.type === 'bookmark') break;
    await until(() => closed);
    expect(closed).toBe(true);
  });

  test.each(['cut', 'aborted'])(
    'that is %s while its reader is busy elsewhere tells it when the reader comes back',
    async how => {
      let closed = false;
      const server = await scriptedServer((request, response) => {
        response.on('close', () => {
          closed = true;
        });
        expect(request.headers['accept-encoding']).toBe('identity');
        response.writeHead(200).flushHeaders();
        if (how === 'cut') setImmediate(() => response.destroy());
      });
      const { port } = portTo(server.url);
      const stop = new AbortController();
      const watch = port.pods.watch('1', { signal: stop.signal })[Symbol.asyncIterator]();
      await watch.next();
      if (how === 'aborted') stop.abort();
      await until(() => closed);
      const kind = how === 'cut' ? 'unreachable' : 'aborted';
      expect(await failureOf(watch.next())).toMatchObject({ kind });
    },
  );

  test('that is aborted says that it was us', async () => {
    const server = await scriptedServer((_request, response) => void response.writeHead(200).flushHeaders());
    const { port } = portTo(server.url);
    const stop = new AbortController();
    const watching = (async () => {
      for await (const _event of port.pods.watch('1', { signal: stop.signal })) stop.abort();
    })();
    expect(await failureOf(watching)).toMatchObject({ kind: 'aborted' });
  });
});
