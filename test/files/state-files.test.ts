import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashText, reportCrash, withoutSecrets } from '../../source/files/crash-report.ts';
import { historyFile, saveExport, stateDirectory } from '../../source/files/state-files.ts';

let directory: string;
beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(os.tmpdir(), 'podid-state-')), 'podid-tui');
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true, force: true }));

const mode = (file: string): number => statSync(file).mode & 0o777;

describe('the state directory', () => {
  it('is where XDG says, if that is an absolute path', () => {
    expect(stateDirectory({ XDG_STATE_HOME: '/x' }, '/home/jo')).toBe('/x/podid-tui');
    expect(stateDirectory({ XDG_STATE_HOME: 'x' }, '/home/jo')).toBe('/home/jo/.local/state/podid-tui');
    expect(stateDirectory({ HOME: '/home/al' }, '/home/jo')).toBe('/home/al/.local/state/podid-tui');
  });
});

describe('the history of the prompt', () => {
  it('keeps 500 lines, each once, the newest last, for its owner alone', async () => {
    const history = historyFile(directory);
    expect(await history.read()).toEqual([]);
    for (const line of [':sa', ':roles', ':sa']) await history.add(line);
    expect(await history.read()).toEqual([':roles', ':sa']);
    const file = path.join(directory, 'history');
    expect(mode(file)).toBe(0o600);
    expect(mode(directory)).toBe(0o700);
    writeFileSync(file, `${Array.from({ length: 700 }, (_, index) => `:a /${index}`).join('\n')}\n`);
    expect(await history.add(':sa')).toHaveLength(500);
    expect((await history.read()).at(0)).toBe(':a /201');
  });

  it('loses nothing of two sittings that take turns', async () => {
    const [one, other] = [historyFile(directory), historyFile(directory)];
    await one.add(':one');
    await other.add(':other');
    await one.add(':again');
    expect(await other.read()).toEqual([':one', ':other', ':again']);
  });
});

describe('an export', () => {
  it('goes over no other file, and its name leads nowhere else', async () => {
    const first = await saveExport(directory, '../../etc/a b.csv', 'x');
    expect(first).toBe(path.join(directory, 'exports', 'etc-a-b.csv'));
    expect(await saveExport(directory, '../../etc/a b.csv', 'y')).toBe(
      path.join(directory, 'exports', 'etc-a-b-2.csv'),
    );
    expect(readFileSync(first, 'utf8')).toBe('x');
    expect(mode(first)).toBe(0o600);
  });
});

describe('a crash report', () => {
  const line = { at: 0, level: 'info', source: 'eks eu-west-1', text: 'read' };

  it('has the error, where, and the last 200 lines of the log', () => {
    const lines = Array.from({ length: 300 }, (_, index) => ({ ...line, text: `line ${index}.` }));
    const path_ = reportCrash(directory, { error: new Error('planted'), lines, version: '1.2.3', at: 0 });
    expect(path_).toBe(path.join(directory, 'crashes', '1970-01-01T00-00-00-000Z.txt'));
    expect(mode(path_ ?? '')).toBe(0o600);
    const text = readFileSync(path_ ?? '', 'utf8');
    expect(text).toMatch(/^podid-tui 1\.2\.3 crashed at 1970/);
    expect(text).toMatch(/Error: planted\n\s+at /);
    expect(text).toContain('line 299.');
    expect(text).toContain('line 100.');
    expect(text).not.toContain('line 99.');
  });

  it('has nothing that opens a door', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const environment = { AWS_SECRET_ACCESS_KEY: secret, PATH: '/usr/bin' };
    const texts = [
      `sent ${secret} to /usr/bin`,
      'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124, Signature=fe5f80f77d5fa3beca038a248ff027',
      'Bearer k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20',
      '{"SecretAccessKey":"abc/def+ghi","SessionToken":"IQoJb3JpZ2luX2VjEPT"}',
      'https://sts/?X-Amz-Security-Token=IQoJb3JpZ2lu&X-Amz-Signature=0011223344',
    ];
    const lines = texts.map(text => ({ ...line, text }));
    const report = crashText({ error: new Error(texts.join('\n')), lines, version: '1', at: 0 }, environment);
    for (const part of [secret, 'AKIA', 'fe5f80', 'aHR0', 'abc/def', 'IQoJ', '0011223344'])
      expect(report, part).not.toContain(part);
    expect(report).toContain('[hidden] to /usr/bin');
    expect(withoutSecrets('nothing to hide in payments/api', environment)).toBe('nothing to hide in payments/api');
  });

  it('that cannot be written costs nothing', () => {
    writeFileSync(path.join(path.dirname(directory), 'podid-tui'), 'a file where the folder should be');
    expect(reportCrash(directory, { error: 'x', lines: [], version: '1', at: 0 })).toBeUndefined();
  });
});
