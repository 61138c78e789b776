import { describe, expect, it } from 'vitest';
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
