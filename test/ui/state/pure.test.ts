import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../source/run/event.ts';
import { incompleteLines } from '../../../source/ui/screens/table/sources.ts';
import { parseCommand, suggest } from '../../../source/ui/state/commands.ts';
import { layoutOf, tableHeight } from '../../../source/ui/state/layout.ts';
import { condense, jsonLines, lineDiff } from '../../../source/ui/state/line-diff.ts';
import { lineText } from '../../../source/ui/state/lines.ts';
import { changeTop, jump, pop, push, setFilter, stepBack } from '../../../source/ui/state/navigation.ts';
import { connection, paneState } from '../../../source/ui/state/pane.ts';
import { isFold, treeLines } from '../../../source/ui/state/plan-tree.ts';
import { isProd } from '../../../source/ui/state/prod.ts';
import { advance, newProgress, nodeProgress, type RunProgress } from '../../../source/ui/state/run-progress.ts';
import { initialState, topFrame } from '../../../source/ui/state/state.ts';
import { denied, planFor, prod, source, start, trustOf } from '../fakes.ts';

const plan = planFor(
  { arn: prod, name: 'prod-eu-1', partition: 'aws', account: '1', region: 'eu-west-1' },
  { command: 'migrate', removeOidcProviderTrust: false },
);

describe('the command line', () => {
  it('knows its aliases and parts in any order', () => {
    expect(parseCommand('associations @prod payments /led  ger @x')).toEqual({
      ok: true,
      name: 'associations',
      scope: 'prod',
      namespace: 'payments',
      filter: 'led  ger @x',
    });
    expect(parseCommand('serviceaccounts')).toEqual({ ok: true, name: 'service-accounts' });
  });
  it('offers the nearest command, or none when nothing is near', () => {
    expect(parseCommand('migrat')).toMatchObject({ ok: false, nearest: 'migrate' });
    expect(parseCommand('zzzzzzzzzz')).toEqual({ ok: false, error: 'no command "zzzzzzzzzz"' });
  });
  it('suggests commands, then namespaces and clusters', () => {
    const known = {
      namespaces: ['payments', 'search'],
      clusters: ['prod-eu-1'],
      regions: ['eu-west-1'],
      accounts: ['111122223333'],
      views: { left: 'sa /irsa:!-' },
    };
    expect(suggest('m', known).map(item => item.text)).toEqual(['migrate']);
    expect(suggest('sa pa', known).map(item => item.text)).toEqual(['sa payments']);
    expect(suggest('ns @p', known).map(item => item.text)).toEqual(['ns @prod-eu-1']);
    expect(suggest('a @', known).map(item => item.text)).toEqual([
      'a @prod-eu-1',
      'a @eu-west-1',
      'a @111122223333',
      'a @all',
    ]);
    expect(suggest('a /pay', known)).toEqual([]);
    expect(suggest('set ', known).map(item => item.text)).toEqual(['set ro', 'set rw', 'set ascii', 'set unicode']);
    expect(suggest('set r', known).map(item => item.text)).toEqual(['set ro', 'set rw']);
    expect(suggest('view l', known)).toEqual([{ text: 'view left', hint: ':sa /irsa:!-' }]);
  });
  it('refuses what it would have to guess at', () => {
    expect(parseCommand('sa payments search')).toEqual({
      ok: false,
      error: 'one namespace and one @ at a time, not search too',
    });
    expect(parseCommand('a @x @y')).toMatchObject({ ok: false });
    expect(parseCommand('set')).toMatchObject({ ok: false });
    expect(parseCommand('set rw 1 2')).toMatchObject({ ok: false });
    expect(parseCommand('save left')).toEqual({ ok: true, name: 'save', words: ['left'] });
  });
});

describe('navigation', () => {
  const root = initialState({ kind: 'clusters' }, start, { columns: 100, rows: 30 });
  it('steps back through filter and place, and stops at the root', () => {
    const deep = changeTop(push(root, { kind: 'namespaces', cluster: prod }), frame => setFilter(frame, 'pay'));
    const once = stepBack(deep);
    expect(once && topFrame(once)).toMatchObject({ filter: '', view: { kind: 'namespaces' } });
    const twice = once && stepBack(once);
    expect(twice && topFrame(twice).view).toEqual({ kind: 'clusters' });
    expect(twice && stepBack(twice)).toBeUndefined();
  });
  it('does not push the place it is in', () => {
    expect(push(root, { kind: 'clusters' })).toBe(root);
    expect(pop(root)).toBe(root);
  });
  it('keeps places it passes again as they were', () => {
    const deep = push(root, { kind: 'namespaces', cluster: prod });
    const there = jump(deep, [
      { kind: 'clusters' },
      { kind: 'namespaces', cluster: prod },
      { kind: 'roles', cluster: prod },
    ]);
    expect(there.stack.map(frame => frame.id).slice(0, 2)).toEqual(deep.stack.map(frame => frame.id));
  });
});

describe('production', () => {
  it.each(['prod-eu-1', 'eu-prod', 'production', 'PROD', 'team.prd.1'])('%s is', name =>
    expect(isProd(name)).toBe(true),
  );
  it.each(['preprod', 'non-prod-1', 'pre-prod', 'products', 'staging'])('%s is not', name =>
    expect(isProd(name)).toBe(false),
  );
  it('goes by the environment tag too', () => {
    expect(isProd('blue', { env: 'prod' })).toBe(true);
    expect(isProd('blue', { 'acme:Environment': 'production' })).toBe(true);
    expect(isProd('blue', { owner: 'prod' })).toBe(false);
  });
  it('goes by the alias of the account where name and tags are silent', () => {
    expect(isProd('blue', {}, 'acme-prod')).toBe(true);
    expect(isProd('blue', { team: 'x', tier: 'backend' }, 'acme-prod')).toBe(true);
    expect(isProd('blue', {}, 'acme-dev')).toBe(false);
    expect(isProd('prod-eu-1', {}, 'acme-dev')).toBe(true);
  });
  it('believes a cluster that names another environment over the alias, and production over everything', () => {
    expect(isProd('stg-eu-1', {}, 'acme-prod')).toBe(false);
    expect(isProd('blue', { stage: 'qa' }, 'acme-prod')).toBe(false);
    expect(isProd('non-prod-1', {}, 'acme-prod')).toBe(false);
    expect(isProd('test-prod', {}, 'acme-dev')).toBe(true);
    expect(isProd('dev-1', { env: 'prod' }, 'acme-dev')).toBe(true);
  });
});

describe('a line diff', () => {
  it('gives both documents back', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = lineDiff(before, after);
        expect(diff.filter(item => item.sign !== '+').map(item => item.text)).toEqual(before);
        expect(diff.filter(item => item.sign !== '-').map(item => item.text)).toEqual(after);
      }),
    );
  });
  it('shows an added statement as that statement', () => {
    const diff = condense(lineDiff(jsonLines(trustOf(false)), jsonLines(trustOf(true))));
    expect(diff.filter(item => item.sign === '-')).toEqual([]);
    const added = diff.filter(item => item.sign === '+').map(item => item.text.trim());
    expect(added[0]).toBe('{');
    expect(added.at(-1)).toBe('}');
    expect(added).toContain('"Service": "pods.eks.amazonaws.com"');
  });
  it('says nothing of documents that are equal', () => {
    expect(condense(lineDiff(['a', 'b'], ['a', 'b']))).toEqual([]);
  });
});

describe('the progress of a run', () => {
  const event = fc
    .record({
      id: fc.constantFrom('t1', 't2', 'a1', 'a2'),
      kind: fc.constantFrom('started', 'waiting', 'done', 'failed', 'skipped'),
    })
    .map(({ id, kind }): RunEvent => {
      switch (kind) {
        case 'started':
          return { type: 'started', at: start, id };
        case 'waiting':
          return { type: 'waiting', at: start, id, attempt: 1, reason: '' };
        case 'done':
          return { type: 'done', at: start, id, outcome: 'done', outputs: {} };
        case 'failed':
          return { type: 'failed', at: start, id, failure: denied };
        default:
          return { type: 'skipped', at: start, id, reason: '' };
      }
    });
  it('counts what its nodes say, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), events => {
        const run = events.reduce(advance, newProgress(plan, start));
        const all = [...run.nodes.values()].map(item => item.status);
        expect(run.running).toBe(all.filter(status => status === 'running').length);
        expect(run.failed).toBe(all.filter(status => status === 'failed').length);
        expect(run.ended).toBe(all.filter(status => status !== 'running' && status !== 'waiting').length);
        expect(nodeProgress(plan.root, run)).toMatchObject({ ended: run.ended, total: 4 });
      }),
    );
  });
  it('folds what is done and opens what failed', () => {
    const done = ['t1', 't2'].reduce(
      (run, id) => advance(run, { type: 'done', at: start, id, outcome: 'done', outputs: {} }),
      newProgress(plan, start),
    );
    const root = {
      ...plan.root,
      children: [{ id: 'stage', title: 'stage', kind: 'sequence' as const, children: plan.root.children }],
    };
    const lines = (run: RunProgress, toggled = new Map<string, boolean>()) =>
      treeLines({ ...plan, root }, { toggled, run });
    const open = (run = done) =>
      Object.fromEntries(lines(run).flatMap(item => (isFold(item) ? [[item.id, item.open]] : [])));
    expect(open()['trust-group']).toBe(false);
    expect(open(advance(done, { type: 'failed', at: start, id: 'a1', failure: denied }))['association-group']).toBe(
      true,
    );
    expect(lines(done, new Map([['trust-group', true]])).some(item => item.id === 't1')).toBe(true);
  });
});

describe('the state of a pane', () => {
  it('tells empty from loading, filtered and failed', () => {
    const live = source('eks', 'r');
    const failed = source('eks', 'r', { state: 'failed', failure: denied });
    const kind = (sources: readonly (typeof live)[], rows: number, total = rows) =>
      paneState({ sources, rows, total }).kind;
    expect(kind([live], 0)).toBe('empty');
    expect(kind([live, source('iam', 'r', { state: 'loading' })], 0)).toBe('loading');
    expect(kind([], 0)).toBe('loading');
    expect(kind([live], 0, 5)).toBe('filtered');
    expect(kind([failed], 0)).toBe('failed');
    expect(kind([failed], 3)).toBe('failed');
    expect(kind([live], 3)).toBe('rows');
  });
  it('names the sources that failed in one order, also where a filter hides all that was read', () => {
    const failed = ['c10', 'c9', 'r'].map(covers =>
      source(covers === 'r' ? 'eks' : 'kubernetes', covers, { state: 'failed', failure: denied }),
    );
    const pane = paneState({ sources: [source('eks', 'other'), ...failed], rows: 0, total: 5 });
    if (pane.kind !== 'filtered') throw new Error(pane.kind);
    expect(pane.sources.map(({ covers }) => covers)).toEqual(['r', 'c9', 'c10']);
    expect(pane.of).toBe(4);
    const text = incompleteLines(pane.sources, pane.of, start, 60).map(lineText).join('\n');
    expect(text).toContain('incomplete: 3 of 4 sources cannot be read');
    for (const shown of text.split('\n').slice(2)) expect(shown.length).toBeLessThanOrEqual(60);
  });
  it('names the connection', () => {
    const failed = source('eks', 'r', { state: 'failed', failure: denied });
    expect(connection([source('eks', 'r')]).word).toBe('LIVE');
    expect(connection([source('eks', 'r'), failed]).word).toBe('PARTIAL');
    expect(connection([failed]).word).toBe('DENIED');
    expect(connection([{ ...failed, failure: { kind: 'unreachable', message: '' } }]).word).toBe('OFFLINE');
    const signedOut = { ...failed, failure: { kind: 'expired-credentials', message: '' } } as const;
    expect(connection([signedOut]).word).toBe('SIGNED OUT');
    expect(connection([signedOut, failed]).word).toBe('DENIED');
    expect(connection([source('eks', 'r', { state: 'loading' })]).word).toBe('LOADING');
  });
});

describe('the layout', () => {
  it('uses exactly the rows there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 300 }), fc.integer({ min: 15, max: 120 }), (columns, rows) => {
        const layout = layoutOf(columns, rows);
        expect(layout.headerRows + layout.body + 4).toBe(rows);
        expect(tableHeight(layout, layout.strip) + 1 + layout.strip).toBe(layout.body);
      }),
    );
  });
});
