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
