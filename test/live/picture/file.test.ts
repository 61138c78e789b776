import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode, encode, PictureFiles } from '../../../source/live/picture/file.ts';

describe('a picture file', () => {
  it('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false } as never), value => {
        expect(decode(encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is ignored when it is cut short, spoiled or anything else', () => {
    const whole = encode({ clusters: [{ arn: 'a', file: 'b' }], at: 1 });
    for (let length = 0; length < whole.length; length += 1) expect(decode(whole.slice(0, length))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
        fc.pre(whole[at] !== letter);
        expect(decode(whole.slice(0, at) + letter + whole.slice(at + 1))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 200 }), text => decode(text) === undefined));
  });

  it('of a newer format is ignored', () => {
    expect(decode(encode({ a: 1 }).replace('picture 1', 'picture 2'))).toBeUndefined();
  });
});

describe('the files of a picture', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'podid-picture-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('are for their owner alone and replaced whole', async () => {
    const files = new PictureFiles(path.join(home, 'door'));
    await files.write('index.json', { at: 1 });
    await files.write('index.json', { at: 2 });
    expect(await files.read('index.json')).toEqual({ value: { at: 2 } });
    expect(await readdir(path.join(home, 'door'))).toEqual(['index.json']);
    expect((await stat(path.join(home, 'door', 'index.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(home, 'door'))).mode & 0o777).toBe(0o700);
  });

  it('hold the same, whether a list is written at once or in parts', async () => {
    const files = new PictureFiles(home);
    for (const length of [0, 1, 499, 500, 501, 1_700]) {
      const list = Array.from({ length }, (_, index) => [`arn-${index}`, { text: 'ü"\n'.repeat(index % 7) }, index]);
      await files.write('whole.json', list);
      await files.writeList('parts.json', list);
      const [whole, parts] = await Promise.all(
        ['whole.json', 'parts.json'].map(name => readFile(path.join(home, name), 'utf8')),
      );
      expect(parts, `${length} items`).toBe(whole);
    }
    expect((await stat(path.join(home, 'parts.json'))).mode & 0o777).toBe(0o600);
  });

  it('are as they were when writing fails, with nothing beside them, and can be written again', async () => {
    const door = path.join(home, 'door');
    await writeFile(door, 'in the way');
    const files = new PictureFiles(door);
    await expect(files.write('index.json', { at: 1 })).rejects.toThrow();
    await rm(door);
    await files.write('index.json', { at: 1 });
    await expect(files.writeList('index.json', [1, 1n])).rejects.toThrow();
    expect(await files.read('index.json')).toEqual({ value: { at: 1 } });
    expect(await readdir(door)).toEqual(['index.json']);
  });

  it('tell what is missing from what is not to be used', async () => {
    const files = new PictureFiles(home);
    expect(await files.read('index.json')).toBe('missing');
    await writeFile(path.join(home, 'index.json'), '{"at":1}');
    expect(await files.read('index.json')).toBe('unreadable');
  });
});
