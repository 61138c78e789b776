import { describe, expect, test } from 'vitest';
import { parseFlags, UsageError } from '../../source/commands/command.ts';
import { recordJson, recordMarkdown } from '../../source/commands/run-record.ts';
import { actions } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { JournalRecord } from '../../source/run/journal.ts';
import { summarise } from '../../source/run/summary.ts';
import { createOf, facts, irsaRole, roleArn, serviceAccount, snapshotOf } from '../plan/world.ts';
import { beginRecord } from '../run/memory-journal.ts';

const arn = roleArn('api');
const snapshot = snapshotOf(
  facts({ serviceAccounts: [serviceAccount('shop/api', arn)], roles: [irsaRole('api', 'shop:api')] }),
);
const plan = planFor(snapshot, createOf('shop/api', arn));
const [trust, association] = actions(plan.root).map(({ id }) => id) as [string, string];

const summaryOf = (records: readonly JournalRecord[], torn = false) =>
  summarise({ run: 'run-1', records: [{ ...beginRecord(plan), caller: 'arn:me' }, ...records], torn });

const sent = (document: string): JournalRecord => ({
  type: 'before',
  at: 1_000,
  id: trust,
  token: 'token-1',
  prior: { kind: 'trust', roleArn: arn, document },
});
const settled = (id: string, outcome: 'done' | 'failed', more: object = {}): JournalRecord => ({
  type: 'after',
  at: 2_000,
  id,
  outcome,
  ...more,
});
const end: JournalRecord = { type: 'end', at: 3_000, stopped: false };

describe('a change record', () => {
  test('has who, when, where, and each document before and after, with request ids', () => {
    const before = irsaRole('api', 'shop:api').trustPolicy;
    const summary = summaryOf([
      sent(before),
      settled(trust, 'done', { requestIds: ['r-1'] }),
      settled(association, 'failed', { failure: { kind: 'denied', message: 'not yours' } }),
      end,
      { type: 'resume', at: 4_000, caller: 'arn:you' },
    ]);
    const record = recordJson(summary);
    expect(record).toMatchObject({
      run: 'run-1',
      state: 'interrupted',
      version: '1.2.3',
      sittings: [
        { at: '1970-01-01T00:00:00.000Z', caller: 'arn:me' },
        { at: '1970-01-01T00:00:04.000Z', caller: 'arn:you' },
      ],
      actions: [
        { id: trust, outcome: 'done', token: 'token-1', requestIds: ['r-1'], before: { document: before } },
        { id: association, outcome: 'failed', before: null, failure: 'not yours' },
      ],
    });
    const text = recordMarkdown(summary);
    for (const part of ['by `arn:me`', 'Resumed: 1970-01-01T00:00:04.000Z by `arn:you`', '`r-1`', 'failed: not yours'])
      expect(text).toContain(part);
    const [was, becomes] = [...text.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, body]) => JSON.parse(body ?? ''));
    expect(was).toEqual(JSON.parse(before));
    expect(becomes.Statement).toHaveLength(2);
  });

  test('tells the first state before, and the last word on how it ended', () => {
    const { actions: told } = summaryOf([
      sent('{"first":1}'),
      settled(trust, 'failed', { failure: { kind: 'unknown', message: 'lost' }, requestIds: ['r-1'] }),
      sent('{"second":1}'),
      settled(trust, 'done', { requestIds: ['r-2'] }),
    ]);
    expect(told[0]).toMatchObject({ outcome: 'done', prior: { document: '{"first":1}' }, requestIds: ['r-1', 'r-2'] });
    expect(told[0]).not.toHaveProperty('failure');
  });

  test('of a run that is not over tells what is in flight, and of a torn journal that it is', () => {
    const summary = summaryOf([sent('{}')], true);
    expect(summary.actions.map(({ outcome }) => outcome)).toEqual(['in-flight', 'waiting']);
    expect(recordMarkdown(summary)).toContain('was cut short and is left out');
  });

  test('is not led astray by what is in a document', () => {
    const text = recordMarkdown(summaryOf([sent('not json ``` \u001b[31m\n# heading\n````')]));
    expect(text).not.toContain('\u001b');
    const fence = /^(`{5,})json$/m.exec(text)?.[1] ?? 'none';
    expect(text.split('\n').filter(line => line === fence).length).toBe(1);
  });
});

test('words besides flags are taken where a command wants them, and refused beyond', () => {
  expect(parseFlags(['show', 'run-1', '-o', 'json'], { output: { type: 'string', short: 'o' } }, 2)).toEqual({
    output: 'json',
    words: ['show', 'run-1'],
  });
  expect(() => parseFlags(['a', 'b'], {}, 1)).toThrow(UsageError);
  expect(() => parseFlags(['a'], {})).toThrow(UsageError);
});
