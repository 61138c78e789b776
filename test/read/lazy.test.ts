import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../source');

/** Modules that one module loads at once: its static imports of values, not of types. */
const loadedBy = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^']+)';/gms)].map(
    match => match[1] ?? '',
  );

test('the AWS SDK is loaded by import() alone: no module outside source/aws loads that folder at once', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !/^(aws|sandbox)\//.test(name))
    .map(name => join(folder, name));
  expect(files.length).toBeGreaterThan(50);
  const culprits = files.filter(path => loadedBy(path).some(name => /\/aws\/|^@aws-sdk\/|^@smithy\//.test(name)));
  expect(culprits).toEqual([]);
});
