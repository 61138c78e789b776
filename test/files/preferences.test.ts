import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preferencesDirectory, preferencesFile } from '../../source/files/preferences.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'podid-preferences-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the directory', () => {
  it('follows XDG_CONFIG_HOME where that is absolute', () => {
    expect(preferencesDirectory({ XDG_CONFIG_HOME: '/x' }, '/home/jo')).toBe('/x/podid-tui');
    expect(preferencesDirectory({ XDG_CONFIG_HOME: 'x' }, '/home/jo')).toBe('/home/jo/.config/podid-tui');
    expect(preferencesDirectory({ XDG_CONFIG_HOME: '' }, '/home/jo')).toBe('/home/jo/.config/podid-tui');
    expect(preferencesDirectory({}, '/home/jo')).toBe('/home/jo/.config/podid-tui');
  });
});

describe('the file', () => {
  it('is made by the first save, not by reading, and is its owner’s alone', async () => {
    const directory = join(home, 'deep', 'podid-tui');
    const file = preferencesFile(directory);
    expect(await file.read()).toEqual({});
    expect(existsSync(directory)).toBe(false);
    await file.save({ tables: { clusters: { wide: true } } });
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file.path, 'utf8'))).toEqual({ tables: { clusters: { wide: true } } });
  });

  it('keeps keys that it was not told to change', async () => {
    const file = preferencesFile(home);
    await file.save({ 'a.b': 1, tables: {} });
    await preferencesFile(home).save({ tables: { roles: {} } });
    expect(await file.read()).toEqual({ 'a.b': 1, tables: { roles: {} } });
  });

  it('is left as it is when it is not JSON', async () => {
    const file = preferencesFile(home);
    writeFileSync(file.path, '{"tables":');
    await expect(file.read()).rejects.toThrow();
    await expect(file.save({ tables: {} })).rejects.toThrow();
    expect(readFileSync(file.path, 'utf8')).toBe('{"tables":');
  });

  it('can be read again once it was mended', async () => {
    const file = preferencesFile(home);
    writeFileSync(file.path, 'x');
    await expect(file.read()).rejects.toThrow();
    writeFileSync(file.path, '{"tables":{}}');
    expect(await file.read()).toEqual({ tables: {} });
  });

  // Root may write anywhere, so modes prove nothing to it: a file in the place of the directory does.
  it('rejects a save where the directory cannot be made', async () => {
    writeFileSync(join(home, 'podid-tui'), '');
    await expect(preferencesFile(join(home, 'podid-tui')).save({ tables: {} })).rejects.toThrow();
  });

  it.skipIf(process.getuid?.() === 0)(
    'rejects a save into a read-only directory, and reads nothing there',
    async () => {
      const directory = join(home, 'podid-tui');
      mkdirSync(directory);
      chmodSync(directory, 0o500);
      const file = preferencesFile(directory);
      expect(await file.read()).toEqual({});
      await expect(file.save({ tables: {} })).rejects.toThrow();
    },
  );
});
