import { describe, expect, test } from 'vitest';
import { parseFlags, UsageError } from '../../source/commands/command.ts';
import { appOptions } from '../../source/start/app-options.ts';
import { chosenSandbox, sandboxFlags } from '../../source/start/sandbox-options.ts';

const chosen = (...argv: string[]) =>
  chosenSandbox(parseFlags(argv, { ...sandboxFlags, sandbox: { type: 'boolean' } }));

describe('the sandbox of a command line', () => {
  test('is none where nobody asked for it', () => {
    expect(chosen()).toBeUndefined();
    expect(appOptions([])).not.toHaveProperty('sandbox');
  });

  test('gets its own flags as typed', () => {
    expect(chosen('--sandbox', '--world', 'fleet', '--clusters', '3')).toEqual(['--world', 'fleet', '--clusters', '3']);
    expect(appOptions(['--sandbox', '--seed', '7']).sandbox).toEqual(['--seed', '7']);
  });

  test.each(Object.keys(sandboxFlags))('--%s without --sandbox is refused, not taken for a real account', name => {
    expect(() => chosen(`--${name}`, '1')).toThrow(UsageError);
    expect(() => appOptions([`--${name}`, '1'])).toThrow(`--${name} needs --sandbox`);
  });
});
