import { describe, expect, test } from 'vitest';
import {
  addedStatements,
  addPodIdentityStatement,
  type IssuerTrust,
  removeIssuerTrust,
  removePodIdentityStatement,
  takeBackEdit,
} from '../../source/identity/trust-policy.ts';
import { allows } from './evaluator.ts';
import { account, issuer, podsStatement, policy, provider, webStatement } from './policies.ts';
import { github, otherAccount, otherIssuer, subjectOf } from './worlds.ts';

const trust = (...subjects: string[]): IssuerTrust => ({
  issuer: `https://${issuer}`,
  partition: 'aws',
  account,
  subjects: subjects.map(subjectOf),
  serviceAccounts: ['shop/api', 'shop/web', 'pay/api'].map(subjectOf),
  retireWildcards: false,
});

const remove = (text: string, change: Partial<IssuerTrust> = {}, ...subjects: string[]) => {
  const result = removeIssuerTrust(text, { ...trust(...(subjects.length > 0 ? subjects : ['shop/api'])), ...change });
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};

const token = (subject: string) => `system:serviceaccount:${subject}`;
const sub = `${issuer}:sub`;
/** A statement for our issuer with conditions of one's own. */
const web = (condition: object | undefined, change: object = {}) => {
  const { Condition: _, ...rest } = webStatement('x:y');
  return { ...rest, ...(condition && { Condition: condition }), ...change };
};
const listed = (...subjects: string[]) => web({ StringEquals: { [sub]: subjects.map(token) } });

describe('what goes', () => {
  test('a statement for the subject alone, by its issuer with or without https://', () => {
    const text = policy(webStatement('shop:api'), podsStatement());
    for (const id of [issuer, `https://${issuer}`, `https://${issuer}/`])
      expect(remove(text, { issuer: id })).toEqual({
        text: policy(podsStatement()),
        changed: true,
        remaining: 1,
        removed: [
          { statement: 0, how: 'statement', subjects: [token('shop:api')], says: `statement 1 (${token('shop:api')})` },
        ],
        kept: [],
      });
  });

  test('a subject out of a list, which stays a list', () => {
    const { text, removed } = remove(policy(listed('shop:web', 'shop:api', 'pay:api')));
    expect(text).toBe(policy(listed('shop:web', 'pay:api')));
    expect(removed).toMatchObject([{ how: 'subjects', subjects: [token('shop:api')] }]);
  });

  test('several subjects of one list at once, and the statement with the last', () => {
    const text = policy(listed('shop:web', 'shop:api', 'pay:api'), podsStatement());
    expect(remove(text, {}, 'shop/web', 'shop/api').text).toBe(policy(listed('pay:api'), podsStatement()));
    expect(remove(text, {}, 'shop/api', 'pay/api', 'shop/web').text).toBe(policy(podsStatement()));
  });

  test('the provider out of a Federated list; GitHub Actions stays', () => {
    const both = (...providers: string[]) => ({ ...webStatement('shop:api'), Principal: { Federated: providers } });
    const { text, removed } = remove(policy(both(provider(github), provider())));
    expect(text).toBe(policy(both(provider(github))));
    expect(removed).toMatchObject([{ statement: 0, how: 'provider' }]);
  });

  test('the provider from beside principals of other kinds', () => {
    const root = `arn:aws:iam::${account}:root`;
    const shared = (principal: object) =>
      web({ StringEquals: { [sub]: token('shop:api') } }, { Principal: principal, Action: 'sts:*' });
    expect(remove(policy(shared({ AWS: root, Federated: provider() }))).text).toBe(policy(shared({ AWS: root })));
    expect(remove(policy(shared({ Federated: [provider()], AWS: root }))).text).toBe(policy(shared({ AWS: root })));
  });

  test("the subject for our account's provider alone, where one statement serves the issuer's provider in another too", () => {
    const both = { ...listed('shop:web', 'shop:api'), Sid: 'Both' };
    const theirs = { Federated: [provider(issuer, otherAccount)] };
    const { text } = remove(policy({ ...both, Principal: { Federated: [provider(), theirs.Federated[0]] } }));
    expect(JSON.parse(text).Statement).toEqual([
      { ...both, Principal: theirs },
      { ...listed('shop:web'), Principal: { Federated: [provider()] } },
    ]);
  });

  test('whatever the audience, the actions and the letter case of keys are', () => {
    const condition = {
      StringLike: { [`${issuer.toUpperCase()}:SUB`]: token('shop:api') },
      'ForAnyValue:StringEquals': { [`${issuer}:aud`]: ['sts.amazonaws.com', 'other'] },
    };
    const actions = { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] };
    expect(remove(policy(web(condition, actions), podsStatement())).text).toBe(policy(podsStatement()));
  });

  test('by the exact one of several conditions on the subject', () => {
    const condition = (...names: string[]) => ({
      StringLike: { [sub]: token('shop:*') },
      'ForAnyValue:StringEquals': { [sub]: names.map(token) },
    });
    const { text, kept } = remove(policy(web(condition('shop:api', 'shop:web'))));
    expect(text).toBe(policy(web(condition('shop:web'))));
    expect(kept).toEqual([]);
  });

  test('everything: the caller is told that no statement remains', () => {
    for (const statements of [webStatement('shop:api'), [webStatement('shop:api')]]) {
      const result = remove(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
      expect(result).toMatchObject({ remaining: 0, text: policy() });
    }
  });
});

describe('what is not touched', () => {
  test.each([
    ['another service account', webStatement('shop:web')],
    ['the same names in another namespace', webStatement('pay:api')],
    ['another cluster', webStatement('shop:api', otherIssuer)],
    ['GitHub Actions', web({ StringLike: { [`${github}:sub`]: '*' } }, { Principal: { Federated: provider(github) } })],
    [
      'the provider in another account',
      { ...webStatement('shop:api'), Principal: { Federated: provider(issuer, otherAccount) } },
    ],
    ['an issuer that begins alike', webStatement('shop:api', `${issuer}0`)],
    ['Pod Identity', podsStatement()],
    ['a Deny', { ...webStatement('shop:api'), Effect: 'Deny' }],
    [
      'NotPrincipal with the provider in it',
      web(undefined, { Principal: undefined, NotPrincipal: { Federated: provider() } }),
    ],
    ['a wildcard that does not cover it', web({ StringLike: { [sub]: token('pay:*') } })],
    ['a star that StringEquals takes as a star', web({ StringEquals: { [sub]: token('shop:*') } })],
    ['a subject that is excluded', web({ StringNotEquals: { [sub]: token('shop:api') } })],
    [
      'two conditions that exclude each other',
      web({ StringEquals: { [sub]: token('shop:api') }, StringLike: { [sub]: token('pay:*') } }),
    ],
  ])('%s', (_, statement) => {
    const text = policy(statement);
    expect(remove(text)).toEqual({ text, changed: false, remaining: 1, removed: [], kept: [] });
  });
});

describe('what is kept, with its reason', () => {
  test.each([
    [
      'NotAction',
      web({ StringEquals: { [sub]: token('shop:api') } }, { Action: undefined, NotAction: 'sts:TagSession' }),
      'not-action',
      'NotAction',
    ],
    ['NotPrincipal', web(undefined, { Principal: undefined, NotPrincipal: { AWS: 'x' } }), 'everybody', 'NotPrincipal'],
    ['everybody', web(undefined, { Principal: '*' }), 'everybody', 'wider than this provider'],
    ['everybody as AWS', web(undefined, { Principal: { AWS: '*', Federated: provider() } }), 'everybody', 'wider'],
    [
      'unknown keys',
      web({ StringEquals: { [sub]: token('shop:api') } }, { Resource: '*' }),
      'unknown-key',
      '"Resource"',
    ],
    ['IfExists', web({ StringEqualsIfExists: { [sub]: token('shop:api') } }), 'condition', 'StringEqualsIfExists'],
    ['ForAllValues', web({ 'ForAllValues:StringEquals': { [sub]: token('shop:api') } }), 'condition', 'ForAllValues'],
    ['an operator that is not modelled', web({ BinaryEquals: { [sub]: 'eA==' } }), 'condition', 'BinaryEquals'],
    ['letter case ignored', web({ StringEqualsIgnoreCase: { [sub]: token('shop:api') } }), 'condition', 'IgnoreCase'],
    [
      'a policy variable',
      web({ StringLike: { [sub]: `system:serviceaccount:\${aws:x}:api` } }),
      'condition',
      'variable',
    ],
    [
      'one key twice under one operator',
      web({ StringEquals: { [sub]: token('shop:api'), [sub.toUpperCase()]: token('shop:api') } }),
      'condition',
      'narrowed',
    ],
    ['a wildcard', web({ StringLike: { [sub]: token('shop:*') } }), 'wildcard', 'covers shop/web too'],
    ['no subject', web(undefined), 'any-subject', 'covers shop/web, pay/api too'],
    ['all but some', web({ StringNotLike: { [sub]: token('pay:*') } }), 'any-subject', 'covers shop/web too'],
  ])('%s', (_, statement, why, reason) => {
    const text = policy(podsStatement(), statement);
    const { kept, ...rest } = remove(text, { retireWildcards: true });
    expect(rest).toEqual({ text, changed: false, remaining: 2, removed: [] });
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ statement: 1, why });
    expect(kept[0]?.reason).toContain(reason);
  });

  test('a name that a wildcard beside it covers: taking it out would only look like a change', () => {
    const text = policy(web({ StringLike: { [sub]: [token('shop:api'), token('shop:*')] } }));
    expect(remove(text)).toMatchObject({ text, changed: false, kept: [{ why: 'wildcard' }] });
  });

  test('beside what can go: a list with a name and a wildcard for another subject', () => {
    const text = (...values: string[]) => policy(web({ StringLike: { [sub]: values.map(token) } }));
    const result = remove(text('shop:api', 'pay:*'), {}, 'shop/api', 'pay/api');
    expect(result.text).toBe(text('pay:*'));
    expect(result.kept).toMatchObject([{ why: 'wildcard', pattern: token('pay:*'), others: [] }]);
    expect(result.kept[0]?.reason).toContain('may be created later');
  });

  test('a statement that gives no session by web identity is no trust to report', () => {
    const tags = web(undefined, { Action: 'sts:TagSession' });
    expect(remove(policy(tags)).kept).toEqual([]);
  });
});

describe('wildcards', () => {
  const wild = policy(web({ StringLike: { [sub]: token('shop:*') } }), podsStatement());
  const all = ['shop/api', 'shop/web'];

  test('go with retireWildcards when every service account they cover is meant', () => {
    expect(remove(wild, { retireWildcards: true }, ...all).text).toBe(policy(podsStatement()));
    expect(remove(policy(web(undefined), podsStatement()), { retireWildcards: true }, ...all, 'pay/api')).toMatchObject(
      {
        text: policy(podsStatement()),
        removed: [{ how: 'statement', subjects: [] }],
      },
    );
  });

  test.each([
    ['without retireWildcards', { retireWildcards: false }, all],
    ['when one they cover is not meant', { retireWildcards: true }, ['shop/api']],
    ['when service accounts could not be read', { retireWildcards: true, serviceAccounts: undefined }, all],
  ])('stay %s', (_, change, subjects) => {
    expect(remove(wild, change, ...subjects)).toMatchObject({ text: wild, kept: [{ statement: 0, why: 'wildcard' }] });
  });

  test('what another condition excludes is not counted as covered', () => {
    const but = web({ StringLike: { [sub]: token('shop:*') }, StringNotEquals: { [sub]: token('shop:web') } });
    expect(remove(policy(but, podsStatement()), { retireWildcards: true }).text).toBe(policy(podsStatement()));
  });
});

describe('a document of thirty statements', () => {
  const own = (index: number) => {
    const gap = ' '.repeat(index % 3);
    if (index % 5 === 0)
      return `{${gap}"Effect":"Allow", "Principal":{"Service":"s${index}.amazonaws.com"},"Action" :"sts:AssumeRole"}`;
    if (index % 5 === 1)
      return `{"Effect":"Deny","Principal":"*",${gap}"Action":"sts:*","Condition":{"NumericLessThan":{"a:b":${index}.50}}}`;
    const text = JSON.stringify({ Sid: `S\u00e9${index}`, ...webStatement(`team-${index}:app`) }, null, gap);
    return index % 5 === 2 ? text.replace('Effect', '\\u0045ffect') : text;
  };
  const pieces = [...Array(30).keys()].map(own);
  const document = (statements: readonly string[]) =>
    `\n{ "Version" : "2012-10-17",\r\n\t"Id":"caf\\u00e9", "Statement" : [ ${statements.join(',\n  ')}\n ] , "Extra":1.0 }\n`;
  const text = document(pieces);
  const owned = [...pieces.keys()].filter(index => index % 5 > 1);

  test.each(owned)('loses statement %i and no other byte', index => {
    const { text: after } = remove(text, {}, `team-${index}/app`);
    expect(after).toBe(document(pieces.filter((_, at) => at !== index)));
  });

  test('loses all of the cluster at once, in any order asked for', () => {
    const subjects = owned.map(index => `team-${index}/app`);
    const rest = document(pieces.filter((_, at) => at % 5 < 2));
    expect(remove(text, {}, ...subjects).text).toBe(rest);
    expect(remove(text, {}, ...subjects.toReversed()).text).toBe(rest);
    const oneByOne = subjects.reduce((left, subject) => remove(left, {}, subject).text, text);
    expect(oneByOne).toBe(rest);
  });

  test('gains the pods statement and gives it back, and no other byte', () => {
    const after = addPodIdentityStatement(text);
    if (!after.ok) throw new Error(after.reason);
    const [head, tail] = [text.slice(0, text.indexOf('\n ] , "Extra"')), text.slice(text.indexOf('\n ] , "Extra"'))];
    expect(after.value.text.startsWith(`${head},`)).toBe(true);
    expect(after.value.text.endsWith(tail)).toBe(true);
    const added = addedStatements(text, after.value.text);
    expect(added.ok && removePodIdentityStatement(after.value.text, added.value)).toEqual({
      ok: true,
      value: { text, changed: true, remaining: 30 },
    });
  });
});

describe('taking an edit back', () => {
  const back = (document: string, before: string, after: string) => takeBackEdit(document, before, after);
  const before = policy(listed('shop:api', 'shop:web'));
  const after = policy(listed('shop:web'));
  const theirs = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };

  test('puts the old statement back in place of the narrowed one, beside what others added', () => {
    const result = back(policy(listed('shop:web'), theirs), before, after);
    expect(result).toEqual({
      ok: true,
      value: { text: policy(theirs, listed('shop:api', 'shop:web')), changed: true },
    });
  });

  test('gives the bytes of before when only the writing of after has changed', () => {
    const rewritten = JSON.stringify(JSON.parse(after), null, 4);
    expect(back(rewritten, before, after)).toEqual({ ok: true, value: { text: before, changed: true } });
    const restored = JSON.stringify(JSON.parse(before), null, 4);
    expect(back(restored, before, after)).toEqual({ ok: true, value: { text: restored, changed: false } });
  });

  test('refuses where others changed the narrowed statement itself', () => {
    const result = back(policy(listed('shop:cart')), before, after);
    expect(result.ok ? '' : result.reason).toContain('changed by somebody else');
  });

  test('does not mind an addition that somebody took out already', () => {
    const result = back(
      policy(theirs),
      policy(webStatement('shop:api')),
      policy(webStatement('shop:api'), podsStatement()),
    );
    expect(result).toEqual({ ok: true, value: { text: policy(theirs), changed: false } });
  });

  test('removes one of two equal statements, ours being the last', () => {
    const added = { statements: [JSON.stringify(podsStatement())], madeList: false };
    const result = removePodIdentityStatement(policy(podsStatement(), theirs, podsStatement()), added);
    expect(result).toMatchObject({ ok: true, value: { text: policy(podsStatement(), theirs) } });
  });

  test('a statement that is like ours but for a condition is not ours', () => {
    const added = { statements: [JSON.stringify(podsStatement())], madeList: false };
    const text = policy(podsStatement({ StringEquals: { 'aws:SourceAccount': account } }));
    expect(removePodIdentityStatement(text, added)).toMatchObject({ ok: true, value: { text, changed: false } });
  });
});

test('what the whole migration of a shared role does to a real role', () => {
  const request = (id: string, subject: string) => ({
    principal: { type: 'Federated' as const, id: provider(id) },
    action: 'sts:AssumeRoleWithWebIdentity',
    keys: { [`${id}:sub`]: subject, [`${id}:aud`]: 'sts.amazonaws.com' },
  });
  const ci = web({ StringLike: { [`${github}:sub`]: 'repo:acme/*' } }, { Principal: { Federated: provider(github) } });
  const before = policy(webStatement('shop:api'), webStatement('shop:api', otherIssuer), ci);
  const admitted = addPodIdentityStatement(before);
  const { text } = remove(admitted.ok ? admitted.value.text : '');
  expect(allows(text, request(issuer, token('shop:api')))).toBe(false);
  expect(allows(text, request(otherIssuer, token('shop:api')))).toBe(true);
  expect(allows(text, request(github, 'repo:acme/shop'))).toBe(true);
  expect(text).toBe(policy(webStatement('shop:api', otherIssuer), ci, podsStatement()));
});

test('a document that cannot be understood is refused', () => {
  const result = removeIssuerTrust('{"Statement":[{}]}', trust('shop/api'));
  expect(result).toMatchObject({ ok: false });
  expect(takeBackEdit('[]', policy(podsStatement()), policy())).toMatchObject({ ok: false });
});
