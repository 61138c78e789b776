import { describe, expect, test } from 'vitest';
import { parseFlags, UsageError } from '../../source/commands/command.ts';

const flags = { approve: { type: 'boolean' }, plan: { type: 'string' }, cluster: { type: 'string' } } as const;
const parse = (...argv: string[]) => ({ ...parseFlags(argv, flags, 0, { approve: 'plan' }) });

describe('a flag that a word may follow', () => {
  test.each<[string[], object]>([
    [['--approve'], { approve: true }],
    [['--approve', 'p.json'], { approve: true, plan: 'p.json' }],
    [['--approve=p.json'], { approve: true, plan: 'p.json' }],
    [['--approve', '--plan', 'p.json'], { approve: true, plan: 'p.json' }],
    [['--approve', '--cluster', 'c'], { approve: true, cluster: 'c' }],
    [['--cluster', 'c', '--approve', './p'], { approve: true, plan: './p', cluster: 'c' }],
    [['--approve=true'], { approve: true }],
    [['--approve=false'], { approve: false }],
    [['--no-approve'], { approve: false }],
  ])('%j', (argv, values) => {
    expect(parse(...argv)).toEqual(values);
  });

  test.each([[['p.json']], [['--approve', 'a', 'b']], [['--plan', 'a', 'b']]])('%j is wrong usage', argv => {
    expect(() => parse(...argv)).toThrow(UsageError);
  });
});

describe('flags as eksctl takes them', () => {
  const own = { tags: { type: 'boolean' }, cluster: { type: 'string', short: 'c' } } as const;
  test.each<[string[], object]>([
    [['-c=prod'], { cluster: 'prod' }],
    [['-c', 'prod'], { cluster: 'prod' }],
    [['--cluster='], { cluster: '' }],
    [['--tags=false'], { tags: false }],
    [['--no-tags=true'], { tags: false }],
    [['--no-tags=false'], {}],
    [['--no-tags', '--tags=false'], { tags: false }],
  ])('%j', (argv, values) => {
    expect({ ...parseFlags(argv, own) }).toEqual(values);
  });

  test.each([[['--tags', '--no-tags']], [['--tags=true', '--tags=false']]])('%j contradict each other', argv => {
    expect(() => parseFlags(argv, own)).toThrow('--tags and --no-tags contradict each other');
  });
});
