import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundling } from '../../scripts/bundle.ts';
import { inkRows } from '../../scripts/ink-rows.ts';
import { later } from '../../scripts/later.ts';
import { divided, segments } from '../../scripts/segments.ts';
import { yoga } from '../../scripts/yoga.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'podid-bundle-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Builds one file of a folder of ours. */
async function built(source: string, plugins: readonly (typeof later)[]) {
  const entry = path.join(home, 'source/files/entry.ts');
  await mkdir(path.dirname(entry), { recursive: true });
  await writeFile(entry, source);
  const outfile = path.join(home, 'out.mjs');
  const { banner, logOverride } = bundling;
  const common = { bundle: true, format: 'esm', platform: 'node', logLevel: 'silent', banner, logOverride } as const;
  await build({ ...common, entryPoints: [entry], outfile, plugins: [...plugins] });
  return import(pathToFileURL(outfile).href);
}

describe('modules that are loaded late', () => {
  it('have all functions where the whole module is imported', async () => {
    const { told } = await built(
      `import crypto from 'node:crypto'; import assert from 'node:assert'; import { createHash } from 'node:crypto';
       assert(true); assert.equal(1, 1);
       export const told = [crypto.createHmac('md5', 'k').update('x').digest('hex').length, createHash('md5').update('x').digest('hex').length];`,
      [later],
    );
    expect(told).toEqual([32, 32]);
  });

  it.each([
    "import { scryptSync } from 'node:crypto'; export default scryptSync;",
    "import * as all from 'node:crypto'; export default all.scryptSync;",
  ])('fail to build where a function is missing: %s', async source => {
    await expect(built(source, [later])).rejects.toThrow(/scryptSync/);
  });
});

it.each([segments, yoga, inkRows])('a build in which $name finds nothing to replace fails', async plugin => {
  await expect(built('export default 1;', [plugin])).rejects.toThrow(/replaced|no longer|any more/);
});

describe('text that is divided', () => {
  it.each([
    'new Intl.Segmenter()',
    "new Intl.Segmenter(undefined, {granularity: 'grapheme'})",
    'new Intl.Segmenter(undefined, { granularity: "grapheme" })',
  ])('by %s is divided by ours', made =>
    expect(divided(`const x = ${made};`, 'x.js')).toContain('const x = new Graphemes();'),
  );

  it.each([
    "new Intl.Segmenter('en', { granularity: 'word' })",
    'new Segmenter()',
    'new Intl.Segmenter(undefined, options)',
  ])('by %s is looked at first', made =>
    expect(() => divided(`const x = ${made};`, 'x.js')).toThrow('x.js divides text in another way'),
  );

  it('is left alone where it is not divided', () => expect(divided('const x = 1;', 'x.js')).toBeUndefined());
});
