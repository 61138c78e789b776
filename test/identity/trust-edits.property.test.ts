import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subject } from '../../source/identity/scope.ts';
import {
  addedStatements,
  addPodIdentityStatement,
  decide,
  type IssuerTrust,
  makesRoom,
  type PodIdentityScope,
  parseTrustPolicy,
  removeIssuerTrust,
  removePodIdentityStatement,
  takeBackEdit,
} from '../../source/identity/trust-policy.ts';
import { allows, denies, type Request } from './evaluator.ts';
import { account, cluster, issuer, seed } from './policies.ts';
import { known, ours, podRequests, requests, subjectOf, token, trustDocuments, webRequests } from './worlds.ts';

/** More of them: PODID_RUNS=8000; another world: PODID_SEED=7. */
const runs = { seed, numRuns: Number(process.env.PODID_RUNS ?? 600), verbose: 0 as const };
console.log(`trust edit properties: seed ${seed}, ${runs.numRuns} cases each`);

const take = <T>(result: { ok: true; value: T } | { ok: false; reason: string }): T => {
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};
const statementsOf = (text: string) => take(parseTrustPolicy(text)).statements;
const someRequests = (one: fc.Arbitrary<Request>) => fc.array(one, { minLength: 12, maxLength: 12 });

/** Everything about the document but its statements. */
const around = (text: string) => {
  const { statementNode: node } = take(parseTrustPolicy(text));
  return [text.slice(0, node.start), text.slice(node.end)];
};

const scopes: fc.Arbitrary<PodIdentityScope> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.constant({ kind: 'account' as const, account }),
  fc.constant({ kind: 'cluster' as const, account, clusterArn: cluster.arn }),
  fc
    .subarray(known, { minLength: 1 })
    .map(subjects => ({ kind: 'subject' as const, account, clusterArn: cluster.arn, subjects })),
);

/** Whether a request of EKS is one that the scope is about. */
function inScope({ principal, action, keys }: Request, scope: PodIdentityScope): boolean {
  if (principal.id !== 'pods.eks.amazonaws.com' || action === 'sts:AssumeRoleWithWebIdentity') return false;
  if (scope.kind === 'none') return true;
  if (keys['aws:SourceAccount'] !== scope.account) return false;
  if (scope.kind === 'account') return true;
  if (keys['aws:SourceArn'] !== scope.clusterArn) return false;
  if (scope.kind === 'cluster') return true;
  return scope.subjects.some(
    ({ namespace, serviceAccount }) =>
      keys['aws:RequestTag/kubernetes-namespace'] === namespace &&
      keys['aws:RequestTag/kubernetes-service-account'] === serviceAccount,
  );
}

const add = (text: string, scope: PodIdentityScope) => take(addPodIdentityStatement(text, undefined, scope));

describe('adding the Pod Identity statement', () => {
  test('is idempotent and keeps every byte of the rest', () => {
    fc.assert(
      fc.property(trustDocuments, scopes, (text, scope) => {
        const once = add(text, scope);
        expect(add(once.text, scope)).toEqual({ text: once.text, changed: false });
        const before = statementsOf(text).map(each => each.text);
        expect(statementsOf(once.text).map(each => each.text)).toEqual([
          ...before,
          ...statementsOf(once.text)
            .slice(before.length)
            .map(each => each.text),
        ]);
        expect(around(once.text)).toEqual(around(text));
        expect(once.text.length > text.length).toBe(once.changed);
      }),
      runs,
    );
  });

  test('lets in exactly its scope; every other request is answered as before', () => {
    fc.assert(
      fc.property(trustDocuments, scopes, someRequests(fc.oneof(podRequests, requests)), (text, scope, asked) => {
        const after = add(text, scope).text;
        for (const request of asked) {
          const wanted = inScope(request, scope) ? !denies(text, request) : allows(text, request);
          expect([request, allows(after, request)]).toEqual([request, wanted]);
        }
      }),
      runs,
    );
  });

  test('removal after addition is the identity, byte for byte', () => {
    fc.assert(
      fc.property(trustDocuments, scopes, (text, scope) => {
        const after = add(text, scope);
        const added = take(addedStatements(text, after.text));
        expect(added.statements.length > 0).toBe(after.changed);
        const back = take(removePodIdentityStatement(after.text, added));
        expect(back).toEqual({ text, changed: after.changed, remaining: statementsOf(text).length });
      }),
      runs,
    );
  });

  test('removal takes out the addition alone when others have added since', () => {
    fc.assert(
      fc.property(trustDocuments, scopes, trustDocuments, (text, scope, others) => {
        const after = add(text, scope).text;
        const added = take(addedStatements(text, after));
        const theirs = statementsOf(others).map(each => JSON.parse(each.text) as object);
        const document = JSON.parse(after) as { Statement: object | object[] };
        const Statement = [theirs, document.Statement, theirs].flat();
        const { text: left } = take(removePodIdentityStatement(JSON.stringify({ ...document, Statement }), added));
        const mine = statementsOf(text).map(each => JSON.parse(each.text) as object);
        expect(statementsOf(left).map(each => JSON.parse(each.text))).toEqual([...theirs, ...mine, ...theirs]);
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

const subjectLists = fc.subarray(known, { minLength: 1 });
const trusts: fc.Arbitrary<IssuerTrust> = fc.record({
  issuer: fc.constantFrom(issuer, `https://${issuer}`),
  partition: fc.constant('aws'),
  account: fc.constant(account),
  subjects: subjectLists,
  serviceAccounts: fc.constantFrom(known, known, undefined),
  retireWildcards: fc.boolean(),
});

const retire = (text: string, trust: IssuerTrust) => take(removeIssuerTrust(text, trust));

const names = (subjects: readonly Subject[], sub: string | undefined) =>
  sub !== undefined && subjects.map(token).includes(sub);

/** Whether a request is one of this issuer's that the edit is about. */
function isMeant({ principal, keys }: Request, { subjects, retireWildcards, serviceAccounts }: IssuerTrust): boolean {
  if (principal.id !== ours) return false;
  const sub = keys[`${issuer}:sub`];
  if (names(subjects, sub)) return true;
  // With wildcards, what no service account of the cluster stands for goes along.
  return retireWildcards && serviceAccounts !== undefined && !names(serviceAccounts, sub);
}

describe('removing an issuer for subjects', () => {
  test('every request that is not meant is answered as before', () => {
    fc.assert(
      fc.property(trustDocuments, trusts, someRequests(requests), (text, trust, asked) => {
        const { text: after } = retire(text, trust);
        for (const request of asked)
          if (!isMeant(request, trust))
            expect([request, allows(after, request)]).toEqual([request, allows(text, request)]);
          else if (allows(after, request)) expect(allows(text, request)).toBe(true);
      }),
      runs,
    );
  });

  test('no subject is let in any more, unless what is kept says so', () => {
    fc.assert(
      fc.property(trustDocuments, trusts, someRequests(webRequests), (text, trust, asked) => {
        const { text: after, kept } = retire(text, trust);
        for (const request of asked) {
          const meant = request.principal.id === ours && names(trust.subjects, request.keys[`${issuer}:sub`]);
          if (meant && request.action === 'sts:AssumeRoleWithWebIdentity' && kept.length === 0)
            expect([request, allows(after, request)]).toEqual([request, false]);
        }
      }),
      runs,
    );
  });

  test('again changes nothing and keeps the same', () => {
    fc.assert(
      fc.property(trustDocuments, trusts, (text, trust) => {
        const once = retire(text, trust);
        const again = retire(once.text, trust);
        expect({ text: again.text, changed: again.changed }).toEqual({ text: once.text, changed: false });
        const statements = ({ kept }: typeof once) => new Set(kept.map(({ statement }) => statement)).size;
        expect(statements(again)).toBe(statements(once));
        expect(once.remaining).toBe(statementsOf(once.text).length);
        expect(once.changed).toBe(once.removed.length > 0);
      }),
      runs,
    );
  });

  test('statements that are not about it, and all around them, stay byte for byte', () => {
    fc.assert(
      fc.property(trustDocuments, trusts, (text, trust) => {
        const { text: after, removed } = retire(text, trust);
        const touched = new Set(removed.map(({ statement }) => statement));
        const left = statementsOf(after).map(each => each.text);
        for (const { index, text: own } of statementsOf(text)) if (!touched.has(index)) expect(left).toContain(own);
        expect(around(after)).toEqual(around(text));
      }),
      runs,
    );
  });

  test('wildcards are neither written nor enumerated: no subject appears that was not there', () => {
    fc.assert(
      fc.property(trustDocuments, trusts, (text, trust) => {
        const all = (document: string) =>
          new Set(statementsOf(document).flatMap(({ conditions }) => conditions.flatMap(({ values }) => values)));
        const before = all(text);
        for (const value of all(retire(text, trust).text)) expect(before).toContain(value);
      }),
      runs,
    );
  });
});

describe('taking one edit back', () => {
  const edited = fc.tuple(trustDocuments, fc.oneof(trusts, scopes)).map(([before, edit]) => {
    const after = 'issuer' in edit ? retire(before, edit).text : add(before, edit).text;
    return { before, after };
  });

  test('gives the document before, byte for byte, and does nothing again', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        expect(take(takeBackEdit(after, before, after))).toEqual({ text: before, changed: before !== after });
        expect(take(takeBackEdit(before, before, after))).toEqual({ text: before, changed: false });
      }),
      runs,
    );
  });

  test('keeps what others have added since, and answers as before for the rest', () => {
    fc.assert(
      fc.property(edited, trustDocuments, fc.boolean(), someRequests(requests), (edit, others, first, asked) => {
        const { before, after } = edit;
        const theirs = statementsOf(others).map(each => JSON.parse(each.text) as object);
        const joined = (text: string) => {
          const document = JSON.parse(text) as { Statement: object | object[] };
          const Statement = first ? [theirs, document.Statement].flat() : [document.Statement, theirs].flat();
          return JSON.stringify({ ...document, Statement });
        };
        const { text } = take(takeBackEdit(joined(after), before, after));
        const sorted = (document: string) =>
          statementsOf(document)
            .map(each => canonicalText(each.text))
            .toSorted();
        expect(sorted(text)).toEqual(sorted(joined(before)));
        for (const request of asked) expect(allows(text, request)).toBe(allows(joined(before), request));
      }),
      runs,
    );
  });
});

test('what is said to make room may go without a change of any answer', () => {
  let said = 0;
  const twice = fc.tuple(trustDocuments, fc.array(fc.nat(9), { maxLength: 2 })).map(([text, again]) => {
    const document = JSON.parse(text) as { Statement: object | object[] };
    const own = [document.Statement].flat();
    const repeated = again.flatMap(index => own[index % own.length] ?? []);
    return JSON.stringify({ ...document, Statement: [...own, ...repeated, { ...pods }] });
  });
  fc.assert(
    fc.property(twice, someRequests(requests), (text, asked) => {
      const document = JSON.parse(text) as { Statement: object[] };
      const gone = makesRoom(text).flatMap(says => /^Statement (\d+) .* may go:/.exec(says)?.[1] ?? []);
      said += gone.length;
      const left = document.Statement.filter((_, index) => !gone.includes(String(index + 1)));
      const after = JSON.stringify({ ...document, Statement: left });
      for (const request of asked) expect(allows(after, request)).toBe(allows(text, request));
    }),
    runs,
  );
  expect(said).toBeGreaterThan(runs.numRuns / 4);
});

const pods = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:*'] };

const canonicalText = (text: string) => JSON.stringify(JSON.parse(text));

test('the generated cases hold every kind of edit and of reason', () => {
  const seen = new Map<string, number>();
  const count = (kind: string) => seen.set(kind, (seen.get(kind) ?? 0) + 1);
  for (const [text, trust] of fc.sample(fc.tuple(trustDocuments, trusts), { seed, numRuns: 1_500 })) {
    const { removed, kept, remaining } = retire(text, trust);
    for (const { how } of removed) count(how);
    for (const { why } of kept) count(why);
    if (remaining > statementsOf(text).length) count('split');
    if (remaining === 0) count('empty');
  }
  const kinds = ['statement', 'provider', 'subjects', 'split', 'empty'];
  const reasons = ['wildcard', 'any-subject', 'condition', 'everybody', 'not-action', 'unknown-key'];
  for (const kind of [...kinds, ...reasons]) expect([kind, (seen.get(kind) ?? 0) > 2]).toEqual([kind, true]);
});

test('documents that no edit concerns come back as the same bytes', () => {
  fc.assert(
    fc.property(trustDocuments, text => {
      const nobody = { ...trustOf([subjectOf('no/body')]), issuer: 'oidc.example/id/none' };
      expect(retire(text, nobody)).toMatchObject({ text, changed: false, removed: [] });
      const nothing = { statements: ['{"Effect":"Allow"}'], madeList: true };
      expect(take(removePodIdentityStatement(text, nothing))).toMatchObject({ text, changed: false });
    }),
    runs,
  );
});

const trustOf = (subjects: readonly Subject[]): IssuerTrust => ({
  issuer,
  partition: 'aws',
  account,
  subjects,
  serviceAccounts: known,
  retireWildcards: false,
});

test('what is decided here is what the evaluator says, wherever it is decided', () => {
  const keys = ['aws:sourceaccount', 'aws:sourcearn', 'aws:requesttag/kubernetes-namespace', 'x:y', 'aws:epochtime'];
  let decided = 0;
  fc.assert(
    fc.property(trustDocuments, someRequests(requests), (text, asked) => {
      const policy = take(parseTrustPolicy(text));
      for (const request of asked) {
        const context = new Map<string, string | null>(keys.map(key => [key, null]));
        for (const id of [issuer, 'token.actions.githubusercontent.com'])
          for (const end of ['sub', 'aud']) context.set(`${id}:${end}`.toLowerCase(), null);
        for (const [key, value] of Object.entries(request.keys)) context.set(key.toLowerCase(), value);
        const kind = ({ Federated: 'federated', Service: 'service', AWS: 'aws' } as const)[request.principal.type];
        const { action } = request;
        const { verdict } = decide(policy, { principal: { kind, id: request.principal.id }, action, context });
        if (verdict === 'unchecked') continue;
        decided += 1;
        expect([request, verdict]).toEqual([request, allows(text, request) ? 'yes' : 'no']);
      }
    }),
    runs,
  );
  expect(decided).toBeGreaterThan(runs.numRuns * 6);
});
