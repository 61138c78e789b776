import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actionNode, noFindings, place as placeOf, planOf, root } from '../../source/plan/nodes.ts';
import type { JournalRecord, JournalStore } from '../../source/run/journal.ts';
import { journalRoot, makeJournalStore } from '../../source/run/journal-file.ts';
import { decodeLines } from '../../source/run/journal-lines.ts';
import { takeLock } from '../../source/run/lock-file.ts';
import { canonicalJson, planHash } from '../../source/run/plan-hash.ts';
import { PortError } from '../../source/run/ports.ts';
import { cluster } from '../identity/policies.ts';
import { beginRecord, place } from './memory-journal.ts';

let folder: string;
let store: JournalStore;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'podid-journal-'));
  store = makeJournalStore(folder, undefined);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plan = planOf({ command: 'migrate', cluster, readAt: 0, root: root('sequence', 't', []) }, noFindings());
const begin = (run = 'run-1') => beginRecord(plan, run);
const sent = (id: string): JournalRecord => ({ type: 'before', at: 1, id, token: 't', prior: { kind: 'nothing' } });
const settled = (id: string): JournalRecord => ({
  type: 'after',
  at: 2,
  id,
  outcome: 'done',
  outputs: { a: 'ü \u2028' },
});
const records = [sent('a'), settled('a'), sent('b'), settled('b')];

const endsOf = (bytes: Uint8Array) => [...bytes.keys()].filter(at => bytes[at] === 0x0a).map(at => at + 1);
const fileOf = (run = 'run-1') => path.join(folder, `${place.account}-aws`, `${run}.jsonl`);
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PortError)) throw new Error(`expected a PortError, got ${String(error)}`);
  return error.failure;
};

async function written(run = 'run-1'): Promise<void> {
  const writer = await store.create(begin(run));
  for (const record of records) await writer.append(record);
  await writer.close();
}

describe('a journal', () => {
  test('reads back as it was written, for its owner alone', async () => {
    await written();
    expect(await store.read('run-1')).toEqual({ run: 'run-1', records: [begin(), ...records], torn: false });
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(fileOf())).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(path.dirname(fileOf()), 'locks')).mode & 0o777).toBe(0o700);
  });

  test('cut at any byte gives the records before the cut, and tells the tail', async () => {
    await written();
    const whole = readFileSync(fileOf());
    const ends = endsOf(whole);
    const all = [begin(), ...records];
    for (let length = 0; length <= whole.length; length += 1) {
      const kept = ends.filter(end => end <= length).length;
      const { records: read, torn } = decodeLines(whole.subarray(0, length));
      expect(read).toEqual(all.slice(0, kept));
      expect(torn).toBe(length > 0 && !ends.includes(length));
    }
  });

  test('cut short goes on from its last whole record', async () => {
    await written();
    const whole = readFileSync(fileOf());
    const ends = endsOf(whole);
    const all = [begin(), ...records];
    for (const length of ends.flatMap(end => [end, end + 1, end + 40]).filter(each => each < whole.length)) {
      writeFileSync(fileOf(), whole.subarray(0, length));
      const kept = all.slice(0, ends.filter(end => end <= length).length);
      const { content, writer } = await store.reopen('run-1');
      expect(content).toEqual({ run: 'run-1', records: kept, torn: !ends.includes(length) });
      await writer.append(sent('more'));
      await writer.close();
      expect(await store.read('run-1')).toEqual({ run: 'run-1', records: [...kept, sent('more')], torn: false });
    }
  });

  test('of which a byte was changed is never taken for what was written', async () => {
    await written();
    const whole = readFileSync(fileOf());
    const ends = endsOf(whole).map(end => end - 1);
    for (let at = 0; at < whole.length; at += 7) {
      const spoilt = Buffer.from(whole);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      writeFileSync(fileOf(), spoilt);
      const line = ends.filter(end => end < at).length;
      if (line === ends.length - 1) expect(await store.read('run-1')).toMatchObject({ torn: true });
      else expect((await failureOf(store.read('run-1'))).message).toContain(`line ${line + 1} is damaged`);
    }
  });

  test('from which a line was taken, or in which two changed places, is damaged', async () => {
    await written();
    const [one, two, three, ...rest] = readFileSync(fileOf(), 'utf8').split('\n');
    for (const lines of [
      [one, three, ...rest],
      [one, three, two, ...rest],
      [one, two, two, three, ...rest],
    ]) {
      writeFileSync(fileOf(), lines.join('\n'));
      expect(await failureOf(store.read('run-1'))).toMatchObject({ kind: 'invalid' });
    }
  });

  test('takes records that come together in their order', async () => {
    const writer = await store.create(begin());
    const many = Array.from({ length: 200 }, (_, index) => sent(`a${index}`));
    await Promise.all(many.map(record => writer.append(record)));
    await writer.close();
    expect((await store.read('run-1')).records).toEqual([begin(), ...many]);
    await expect(writer.append(sent('late'))).rejects.toThrow('closed');
  });

  test('without its first record tells nothing', async () => {
    await written();
    truncateSync(fileOf(), 10);
    expect(await failureOf(store.reopen('run-1'))).toMatchObject({ kind: 'invalid' });
    expect(await store.list()).toEqual([{ run: 'run-1', unreadable: expect.stringContaining('does not begin') }]);
  });

  test('whose plan is not the approved one is refused', async () => {
    const other = { ...plan, notes: ['changed'] };
    const writer = await store.create({ ...begin(), plan: other });
    await writer.close();
    expect((await failureOf(store.reopen('run-1'))).message).toContain('not the approved one');
  });
});

describe('the store', () => {
  test('lists runs of its endpoint alone, newest first, and names what cannot be read', async () => {
    for (const run of ['20260101-a', '20260102-b']) await written(run);
    writeFileSync(fileOf('20260103-c'), 'nonsense\nmore\n');
    const elsewhere = makeJournalStore(folder, 'http://127.0.0.1:4000');
    const own = await elsewhere.create({
      ...begin('20260104-d'),
      place: { ...place, endpoint: 'http://127.0.0.1:4000' },
    });
    await own.close();
    const names = (await store.list()).map(entry => ('unreadable' in entry ? `${entry.run}!` : entry.run));
    expect(names).toEqual(['20260103-c!', '20260102-b', '20260101-a']);
    expect(await elsewhere.list()).toMatchObject([{ run: '20260104-d', command: 'migrate', place: { cluster } }]);
    expect(await failureOf(store.read('20260104-d'))).toMatchObject({ kind: 'not-found' });
    expect(await makeJournalStore(path.join(folder, 'nowhere'), undefined).list()).toEqual([]);
  });

  test('takes no id that leads out of its folder, and no id twice', async () => {
    for (const run of ['../evil', 'a/b', '', '.']) {
      expect(await failureOf(store.create(begin(run)))).toMatchObject({ kind: 'invalid' });
      expect(await failureOf(store.read(run))).toMatchObject({ kind: 'not-found' });
    }
    await written();
    expect((await failureOf(store.create(begin()))).message).toContain('EEXIST');
    await (await store.reopen('run-1')).writer.close();
  });

  test.skipIf(process.getuid?.() === 0)('says where a journal cannot be kept', async () => {
    chmodSync(folder, 0o500);
    expect((await failureOf(store.create(begin()))).message).toMatch(/cannot be kept: EACCES at/);
    chmodSync(folder, 0o700);
  });

  test('is below XDG_STATE_HOME, or in its usual place', () => {
    expect(journalRoot({ HOME: '/home/me' })).toBe('/home/me/.local/state/podid-tui/runs');
    expect(journalRoot({ HOME: '/home/me', XDG_STATE_HOME: '/state' })).toBe('/state/podid-tui/runs');
    // XDG Base Directory Specification: a relative path is invalid and ignored.
    expect(journalRoot({ HOME: '/home/me', XDG_STATE_HOME: 'state' })).toBe('/home/me/.local/state/podid-tui/runs');
  });
});

describe('the list', () => {
  const node = (id: string) =>
    actionNode(
      { id, title: id, needs: [] },
      {
        ...placeOf(cluster, id),
        type: 'edit-trust',
        service: 'iam',
        operation: 'UpdateAssumeRolePolicy',
        roleArn: 'arn:aws:iam::111122223333:role/api',
        intent: 'admit',
        expects: '{}',
        request: { RoleName: 'api', PolicyDocument: '{}' },
      },
    );
  const two = planOf(
    { command: 'migrate', cluster, readAt: 0, root: root('sequence', 't', [node('a'), node('b')]) },
    noFindings(),
  );
  const big = 'x'.repeat(10 * 1024 * 1024);
  const heavy = (id: string): JournalRecord => ({
    type: 'before',
    at: 1,
    id,
    token: 't',
    prior: { kind: 'trust', roleArn: 'arn', document: big },
  });

  test('takes a glance at both ends of a journal, however long it is', async () => {
    // A plan of ten megabytes, and forty of documents.
    const writer = await store.create(beginRecord({ ...two, notes: [big] }, 'run-1'));
    for (const record of [heavy('a'), settled('a'), heavy('b'), heavy('b'), heavy('b')]) await writer.append(record);
    await writer.append({ type: 'after', at: 2, id: 'b', outcome: 'held' });
    await writer.append({ type: 'end', at: 3, stopped: false });
    await writer.close();
    const wanted = { state: 'incomplete', torn: false, outline: { done: 1, of: 2, held: 1, failed: 0, unknown: 0 } };
    expect(await store.list()).toMatchObject([{ run: 'run-1', command: 'migrate', place, ...wanted }]);
    // Whoever reads the middle sees that it is damaged.
    const handle = openSync(fileOf(), 'r+');
    writeSync(handle, 'y', 25 * 1024 * 1024);
    closeSync(handle);
    expect((await failureOf(store.read('run-1'))).message).toContain('is damaged');
    expect(await store.list()).toMatchObject([{ run: 'run-1', ...wanted }]);
  });

  test('tells what a run that was taken up again has come to, and leaves a long one that just ends untold', async () => {
    const writer = await store.create(beginRecord(two, 'run-1'));
    for (const record of [sent('a'), settled('a'), sent('b')]) await writer.append(record);
    await writer.close();
    expect(await store.list()).toMatchObject([{ state: 'interrupted', outline: { done: 1, of: 2, unknown: 1 } }]);
    const again = await store.reopen('run-1');
    for (const record of [settled('b'), { type: 'end', at: 5, stopped: false } as const])
      await again.writer.append(record);
    await again.writer.close();
    expect(await store.list()).toMatchObject([{ state: 'complete', outline: { done: 2, of: 2, unknown: 0 } }]);
    const long = await store.create(beginRecord(two, 'run-2'));
    await long.append(heavy('a'));
    await long.close();
    const [newest] = await store.list();
    expect(newest).toMatchObject({ run: 'run-2', state: 'interrupted', torn: false });
    expect(newest).not.toHaveProperty('outline');
  });

  test('tells a run that is going on by its lock, and by the process that has it', async () => {
    const writer = await store.create(beginRecord(two, 'run-1'));
    await writer.append(sent('a'));
    const holder = { pid: process.pid, host: hostname() };
    expect(await store.list()).toMatchObject([{ state: 'running', holder }]);
    const lock = path.join(folder, `${place.account}-aws`, 'locks', 'run-run-1.lock');
    const mine = readFileSync(lock, 'utf8');
    const heldBy = (change: object) => writeFileSync(lock, JSON.stringify({ ...JSON.parse(mine), ...change }));
    heldBy({ pid: 2 ** 22 + 1 });
    expect(await store.list()).toMatchObject([{ state: 'interrupted' }]);
    heldBy({ host: 'elsewhere' });
    expect(await store.list()).toMatchObject([{ state: 'running', holder: { host: 'elsewhere' } }]);
    writeFileSync(lock, mine);
    await writer.append({ type: 'end', at: 3, stopped: true });
    expect(await store.list()).toMatchObject([{ state: 'incomplete' }]);
    await writer.close();
  });
});

describe('locks', () => {
  const locks = () => path.join(folder, `${place.account}-aws`, 'locks');
  const lockFiles = () => readdirSync(locks()).toSorted();

  test('keep a second run off the cluster, and a second one off the run, until it is over', async () => {
    const writer = await store.create(begin());
    const second = await failureOf(store.create(begin('run-2')));
    expect(second).toMatchObject({ kind: 'conflict' });
    expect(second.message).toContain(
      `cluster ${cluster.name} is being changed by run run-1 (process ${process.pid} on`,
    );
    expect((await failureOf(store.reopen('run-1'))).message).toContain('run run-1 is being changed by');
    // What was refused leaves nothing behind.
    expect(lockFiles()).toHaveLength(2);
    expect((await store.list()).length).toBe(1);
    const other = { ...place, cluster: { ...cluster, arn: `${cluster.arn}-2`, name: 'other' } };
    await (await store.create({ ...begin('run-3'), place: other })).close();
    await writer.close();
    expect(lockFiles()).toEqual([]);
    await (await store.create(begin('run-4'))).close();
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1, host: hostname() }, true],
    ['of an earlier process of the same number', { pid: process.pid, host: hostname(), started: '1' }, true],
    ['of another host', { pid: 2 ** 22 + 1, host: 'elsewhere' }, false],
    ['of a process that lives', { pid: process.ppid, host: hostname() }, false],
  ])('%s', async (_whose, holder, takenOver) => {
    const writer = await store.create(begin());
    for (const name of lockFiles())
      writeFileSync(path.join(locks(), name), JSON.stringify({ ...holder, run: 'x', since: 0 }));
    const attempt = store.reopen('run-1');
    if (takenOver) await (await attempt).writer.close();
    else expect((await failureOf(attempt)).message).toContain(`process ${holder.pid} on ${holder.host}`);
    expect(lockFiles()).toHaveLength(takenOver ? 0 : 2);
    await writer.close();
  });

  test('that cannot be read stand', async () => {
    const writer = await store.create(begin());
    for (const name of lockFiles()) writeFileSync(path.join(locks(), name), '{');
    expect((await failureOf(store.reopen('run-1'))).message).toContain('cannot be read');
    await writer.close();
  });

  test('left by a dead process are taken over by one of many', async () => {
    const file = path.join(folder, 'taken-over.lock');
    // Who comes second may have looked before the first one was through: one round proves little.
    for (let round = 0; round < 40; round += 1) {
      writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), run: 'x', since: round }));
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(file, 'it', 'run-1')));
      const won = tries.filter(each => each.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const each of tries) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(PortError);
      await won[0]?.value.release();
    }
    expect(readdirSync(folder).filter(name => name.startsWith('taken-over'))).toEqual([]);
  });
});

test('the hash of a plan does not depend on the order of keys, and on everything else', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[{"d":1}]}');
  const turned = Object.fromEntries(Object.entries(plan).toReversed()) as typeof plan;
  expect(planHash(turned)).toBe(planHash(plan));
  expect(planHash({ ...plan, readAt: 1 })).not.toBe(planHash(plan));
  expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
});
