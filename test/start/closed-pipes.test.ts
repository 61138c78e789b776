import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { surviveClosedPipes } from '../../source/start/closed-pipes.ts';

const failing = (code: string) => Object.assign(new Error(code), { code });

describe('an output', () => {
  test.each(['EPIPE', 'EIO'])('whose reader left (%s) is written to in vain, and that is all', code => {
    const output = new EventEmitter();
    surviveClosedPipes(output);
    expect(() => output.emit('error', failing(code))).not.toThrow();
  });

  test('that fails otherwise still ends the program', () => {
    const output = new EventEmitter();
    surviveClosedPipes(output);
    expect(() => output.emit('error', failing('ENOSPC'))).toThrow('ENOSPC');
  });
});
