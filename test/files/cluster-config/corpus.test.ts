import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../../source/files/cluster-config/model.ts';
import { parseClusterConfig } from '../../../source/files/cluster-config/parse.ts';
import { acceptedFiles } from './accepted.ts';
import { configText, corpus } from './corpus.ts';
import { refusedFiles } from './expected.ts';

const placed = ({ line, column, message }: ConfigError): string => `${line}:${column} ${message}`;

describe('the corpus of ClusterConfig files', () => {
  it('is large, and every file of it has an expectation', () => {
    expect(corpus.size).toBeGreaterThanOrEqual(40);
    expect([...Object.keys(acceptedFiles), ...Object.keys(refusedFiles)].toSorted()).toEqual([...corpus.keys()]);
  });

  it.each(Object.entries(acceptedFiles))('%s is read', (name, { mode, value, warnings = [] }) => {
    const result = parseClusterConfig(configText(name), name, { mode });
    if (!result.ok) expect.unreachable(result.errors.map(placed).join('\n'));
    expect(result.value).toMatchObject(value);
    for (const [key, part] of Object.entries(value)) expect(result.value).toHaveProperty(key, part);
    expect(result.warnings.map(placed)).toEqual(warnings);
  });

  it.each(Object.entries(refusedFiles))('%s is refused with all that is wrong', (name, { mode, errors }) => {
    const result = parseClusterConfig(configText(name), name, { mode });
    if (result.ok) expect.unreachable('it was read');
    expect(result.errors.map(placed)).toEqual(errors);
    for (const { path, message } of result.errors) expect(message.startsWith(path)).toBe(true);
  });

  it.each(['wrong-types.yaml', 'duplicates.yaml', 'addon-mistakes.yaml', 'no-associations.yaml'])(
    '%s names its cluster to whoever asks for that alone',
    name => {
      const result = parseClusterConfig(configText(name), name, { mode: 'get' });
      expect(result).toMatchObject({ ok: true, value: { clusterName: 'production', region: 'us-west-2' } });
    },
  );
});
