import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftFiles } from '../../source/files/drafts.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'podid-drafts-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const now = Date.UTC(2026, 10, 24, 12);
const day = 24 * 60 * 60 * 1000;
const anything = (content: unknown): unknown => content ?? undefined;

const files = (world: string | (() => Promise<string>) = 'aws') => draftFiles(directory, world);
const keys = async (world = 'aws') => (await files(world).read(anything, now)).drafts.map(({ key }) => key);

/** Folder of the only world that has drafts. */
const folder = (): string => {
  const [only] = readdirSync(path.join(directory, 'drafts'));
  return path.join(directory, 'drafts', only ?? '');
};

describe('drafts on disk', () => {
  it('are for their owner alone, one file each, and leave no half behind', async () => {
    await files().keep({ key: 'a', savedAt: now, content: { text: 'one' } });
    await files().keep({ key: 'a', savedAt: now + 1, content: { text: 'two' } });
    await files().keep({ key: 'b', savedAt: now, content: { text: 'three' } });
    expect(readdirSync(folder())).toHaveLength(2);
    for (const name of readdirSync(folder())) expect(statSync(path.join(folder(), name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect((await files().read(anything, now)).drafts).toEqual([
      { key: 'b', savedAt: now, content: { text: 'three' } },
      { key: 'a', savedAt: now + 1, content: { text: 'two' } },
    ]);
  });

  it('are none where none was kept, and dropping what is not there is no error', async () => {
    expect(await files().read(anything, now)).toEqual({ drafts: [], aside: [] });
    await files().drop('a');
    await files().keep({ key: 'a', savedAt: now, content: 1 });
    await files().drop('a');
    expect(await keys()).toEqual([]);
  });

  it('of two processes are each the last one that was written, and neither loses the others of the other', async () => {
    const [one, other] = [files(), files(async () => 'aws')];
    await Promise.all([
      one.keep({ key: 'mine', savedAt: now, content: 'one' }),
      other.keep({ key: 'yours', savedAt: now, content: 'other' }),
    ]);
    await one.keep({ key: 'shared', savedAt: now + 1, content: 'one' });
    await other.keep({ key: 'shared', savedAt: now + 2, content: 'other' });
    await one.drop('mine');
    const { drafts } = await one.read(anything, now);
    expect(drafts.map(({ key, content }) => [key, content])).toEqual([
      ['yours', 'other'],
      ['shared', 'other'],
    ]);
  });

  it('of one world are not those of another', async () => {
    await files('sandbox').keep({ key: 'a', savedAt: now, content: 1 });
    expect(await keys('aws')).toEqual([]);
    expect(await keys('sandbox')).toEqual(['a']);
  });

  it('go after thirty days, and the longest untouched of more than fifty', async () => {
    await files().keep({ key: 'old', savedAt: now - 31 * day, content: 1 });
    await files().keep({ key: 'young', savedAt: now - 29 * day, content: 1 });
    expect(await keys()).toEqual(['young']);
    for (const name of readdirSync(folder())) utimesSync(path.join(folder(), name), 1, 1);
    for (let index = 0; index < 50; index += 1) await files().keep({ key: `k${index}`, savedAt: now, content: 1 });
    const left = await keys();
    expect(left).toHaveLength(50);
    expect(left).not.toContain('young');
  });

  it('are not written when something in them looks like a secret, or when there is far too much', async () => {
    for (const text of ['AKIAIOSFODNN7EXAMPLE', '{"password":"hunter2"}', 'Bearer abcdefgh'])
      await expect(files().keep({ key: 'a', savedAt: now, content: { deep: [text] } })).rejects.toThrow('looks like');
    await expect(files().keep({ key: 'a', savedAt: now, content: 'x'.repeat(300_000) })).rejects.toThrow('256 kB');
    expect(await keys()).toEqual([]);
  });

  it('of a newer version, and what was not accepted, are put aside with a sentence each', async () => {
    await files().keep({ key: 'good', savedAt: now, content: 1 });
    await files().keep({ key: 'newer', savedAt: now, content: 1 });
    await files().keep({ key: 'odd', savedAt: now, content: 'odd' });
    for (const name of readdirSync(folder())) {
      const file = path.join(folder(), name);
      const text = readFileSync(file, 'utf8');
      if (text.includes('newer')) writeFileSync(file, text.replace('"podidTuiDraft":1', '"podidTuiDraft":2'));
    }
    const { drafts, aside } = await files().read(content => (content === 1 ? content : undefined), now);
    expect(drafts.map(({ key }) => key)).toEqual(['good']);
    expect([...aside].sort((a, b) => a.length - b.length)).toEqual([
      expect.stringMatching(/^a draft was put aside as \/.*\.json\.aside: a newer podid-tui wrote it$/),
      expect.stringMatching(/^a draft was put aside as \/.*\.json\.aside: it is no draft of this program$/),
    ]);
    // Said once: nothing reads what was put aside.
    expect(await files().read(anything, now)).toMatchObject({ aside: [] });
  });

  it('law: whatever bytes lie there, reading them ends well and the other drafts stay', async () => {
    await files().keep({ key: 'good', savedAt: now, content: { text: 'kept' } });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(text => Buffer.from(text)),
      fc
        .record({ podidTuiDraft: fc.anything(), key: fc.anything(), savedAt: fc.anything(), content: fc.anything() })
        .map(value => {
          try {
            return Buffer.from(JSON.stringify(value) ?? '');
          } catch {
            return Buffer.from('{"podidTuiDraft":1}');
          }
        }),
    );
    const name = fc.constantFrom('0'.repeat(32), 'x', '.hidden').map(base => `${base}.json`);
    await fc.assert(
      fc.asyncProperty(bytes, name, async (content, file) => {
        writeFileSync(path.join(folder(), file), content);
        const { drafts, aside } = await files().read(anything, now);
        expect(drafts.map(({ key }) => key)).toEqual(['good']);
        expect(aside).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('a folder in the place of a draft is put aside, too', async () => {
    await files().keep({ key: 'good', savedAt: now, content: 1 });
    mkdirSync(path.join(folder(), `${'1'.repeat(32)}.json`));
    const { drafts, aside } = await files().read(anything, now);
    expect(drafts).toHaveLength(1);
    expect(aside[0]).toContain('it is no file');
  });
});
