import { describe, expect, it } from 'vitest';
import { actionOf } from '../../../source/ui/linear/acts.ts';
import { helpLines } from '../../../source/ui/linear/help-lines.ts';
import { type Order, understand } from '../../../source/ui/linear/order.ts';

const known = { clusters: ['prod-eu-1', 'staging'], tabs: ['summary', 'used by'] };

describe('a typed line', () => {
  it.each<[string, Order]>([
    ['', { kind: 'nothing' }],
    [' 12 ', { kind: 'open', number: 12 }],
    ['more', { kind: 'more' }],
    ['BACK', { kind: 'back' }],
    ['?', { kind: 'help' }],
    ['filter role=pay x', { kind: 'filter', text: 'role=pay x' }],
    ['filter', { kind: 'filter', text: '' }],
    ['/ledger', { kind: 'filter', text: 'ledger' }],
    ['prod-eu-1', { kind: 'cluster', name: 'prod-eu-1' }],
    ['sa prod-eu-1', { kind: 'command', line: 'sa @prod-eu-1' }],
    ['a staging payments', { kind: 'command', line: 'a payments @staging' }],
    ['sa payments @staging', { kind: 'command', line: 'sa payments @staging' }],
    [':migrate staging', { kind: 'command', line: 'migrate @staging' }],
    ['resume', { kind: 'resume' }],
    ['undo 20261124-1', { kind: 'undo', run: '20261124-1' }],
    ['used by', { kind: 'tab', number: 2 }],
    ['log /error', { kind: 'command', line: 'log /error' }],
    ['12 more', { kind: 'command', line: '12 more' }],
  ])('%j is understood', (line, order) => {
    expect(understand(line, known)).toEqual(order);
  });
});

describe('a line that names an action of the app', () => {
  const at = (place: 'associations' | 'migrate') => ({ ...known, action: (word: string) => actionOf(word, place) });
  it('names rows by numbers, or one by namespace and service account', () => {
    const meant = (line: string) => {
      const order = understand(line, at('associations'));
      return order.kind === 'act' ? [order.action.id, order.of] : order.kind;
    };
    expect(meant('delete 3 5')).toEqual(['delete', { numbers: [3, 5] }]);
    expect(meant('change payments/api')).toEqual(['edit', { numbers: [], subject: 'payments/api' }]);
    expect(meant('csv')).toEqual(['save-csv', { numbers: [] }]);
    expect(meant('json 2')).toBe('tell');
    // A command comes before an action of the same word, unless rows are named.
    expect(meant('new')).toBe('command');
    expect(meant('sa payments /api')).toBe('command');
  });
  it('law: no word leads to what needs a cursor, a window or a press', () => {
    for (const place of [
      'clusters',
      'service-accounts',
      'associations',
      'roles',
      'detail',
      'log',
      'migrate',
      'review',
    ] as const)
      for (const word of [
        'approve',
        'press',
        'down',
        'copy',
        'review',
        'accept',
        'stop-now',
        'diff',
        'follow-log',
        'follow-requests',
        'requests-up',
      ])
        expect(actionOf(word, place)).toBeUndefined();
  });
  it('are told where they work', () => {
    expect(helpLines('associations').at(-1)).toMatch(/^Here also: .*\bedit\b.*\bdelete\b/);
    expect(helpLines('log').some(line => line.includes('edit ('))).toBe(false);
  });
});
