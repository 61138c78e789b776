import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonPatchError, jsonPatch } from '../../../source/sandbox/cluster/json-patch.ts';
import { mergePatch } from '../../../source/sandbox/cluster/merge-patch.ts';
import { strategicMergePatch } from '../../../source/sandbox/cluster/strategic-patch.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'a/b', '~');
const { document } = fc.letrec<{ document: Json }>(tie => ({
  document: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 1, 'x', ''),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('document')), { maxLength: 3 }).map(entries => Object.fromEntries(entries) as Json),
  ),
}));

/** A merge patch cannot say that something becomes null, so neither side of the law may hold nulls in objects. */
const withoutNulls = (value: Json): Json =>
  isObject(value)
    ? (Object.fromEntries(
        Object.entries(value)
          .filter(([, each]) => each !== null)
          .map(([name, each]) => [name, withoutNulls(each as Json)]),
      ) as Json)
    : value;

/** The patch that leads from one document to the other, by the definition of RFC 7386. */
const difference = (from: Json, to: Json): Json => {
  if (!isObject(from) || !isObject(to)) return to;
  const changes = Object.entries(to)
    .filter(([name, value]) => JSON.stringify(from[name]) !== JSON.stringify(value) || !Object.hasOwn(from, name))
    .map(([name, value]) => [name, Object.hasOwn(from, name) ? difference(from[name] as Json, value as Json) : value]);
  const gone = Object.keys(from).filter(name => !Object.hasOwn(to, name));
  return Object.fromEntries([...changes, ...gone.map(name => [name, null])]) as Json;
};

describe('a merge patch', () => {
  it.each<[Json, Json, Json]>([
    // The test cases of RFC 7386, appendix A.
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('makes of %j with %j: %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('says the same said twice, leads anywhere, and leaves what it is given as it is', () => {
    fc.assert(
      fc.property(document, document, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        expect(JSON.stringify([target, patch])).toBe(before);
        const [from, to] = [withoutNulls(target), withoutNulls(patch)];
        expect(mergePatch(from, difference(from, to))).toEqual(to);
      }),
    );
  });
});

describe('a JSON patch', () => {
  const target = { a: { 'b/c': 1, '~': [1, 2, 3] }, n: null };

  it('applies the operations of RFC 6902 in order', () => {
    expect(
      jsonPatch(target, [
        { op: 'test', path: '/a/b~1c', value: 1 },
        { op: 'add', path: '/a/~0/1', value: 9 },
        { op: 'add', path: '/a/~0/-', value: 4 },
        { op: 'remove', path: '/a/~0/0' },
        { op: 'replace', path: '/n', value: { x: 1 } },
        { op: 'copy', from: '/n/x', path: '/y' },
        { op: 'move', from: '/a/b~1c', path: '/z' },
        { op: 'add', path: '/null' },
        { op: 'remove', path: '/null' },
        { op: 'test', path: '', value: { a: { '~': [9, 2, 3, 4] }, n: { x: 1 }, y: 1, z: 1 } },
      ]),
    ).toEqual({ a: { '~': [9, 2, 3, 4] }, n: { x: 1 }, y: 1, z: 1 });
    expect(target).toEqual({ a: { 'b/c': 1, '~': [1, 2, 3] }, n: null });
  });

  it.each([
    [{ op: 'test', path: '/a/b~1c', value: 2 }],
    [{ op: 'remove', path: '/nope' }],
    [{ op: 'replace', path: '/nope', value: 1 }],
    [{ op: 'add', path: '/nope/x', value: 1 }],
    [{ op: 'add', path: '/a/~0/4', value: 1 }],
    [{ op: 'add', path: '/a/~0/01', value: 1 }],
    [{ op: 'add', path: 'x', value: 1 }],
    [{ op: 'zip', path: '/x', value: 1 }],
    ['x'],
  ])('refuses %j', operation => {
    expect(() => jsonPatch(target, [{ op: 'add', path: '/first', value: 1 }, operation])).toThrow(JsonPatchError);
  });

  it('takes back an addition by the removal of the same path', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b'), document), document, (object, value) => {
        const added = jsonPatch(object, [{ op: 'add', path: '/new', value }]);
        expect(
          jsonPatch(added, [
            { op: 'test', path: '/new', value },
            { op: 'remove', path: '/new' },
          ]),
        ).toEqual(object);
      }),
    );
  });
});

describe('a strategic merge patch', () => {
  const container = (name: string, ...env: string[]) => ({ name, env: env.map(each => ({ name: each, value: each })) });
  const template = { metadata: { annotations: { kept: '1' } }, spec: { containers: [container('c', 'A', 'B', 'C')] } };

  it('merges maps, and lists by their merge key, new items first', () => {
    const patch = {
      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } },
      spec: { containers: [{ name: 'c', env: [{ name: 'D' }, { name: 'B', value: '2' }] }, { name: 'new' }] },
    };
    expect(strategicMergePatch(template, patch)).toEqual({
      metadata: { annotations: { kept: '1', 'kubectl.kubernetes.io/restartedAt': 'now' } },
      spec: {
        containers: [
          { name: 'new' },
          {
            name: 'c',
            env: [{ name: 'D' }, { name: 'A', value: 'A' }, { name: 'B', value: '2' }, { name: 'C', value: 'C' }],
          },
        ],
      },
    });
  });

  it('obeys its directives', () => {
    const patched = (spec: object) =>
      strategicMergePatch({ containers: [container('a'), container('b')], finalizers: ['x', 'y'] }, spec);
    expect(patched({ containers: [{ name: 'a', $patch: 'delete' }] })).toMatchObject({ containers: [{ name: 'b' }] });
    expect(patched({ containers: [{ $patch: 'replace' }, { name: 'z' }] })).toMatchObject({
      containers: [{ name: 'z' }],
    });
    const order = [{ name: 'b' }, { name: 'c' }, { name: 'a' }];
    expect(patched({ '$setElementOrder/containers': order, containers: [{ name: 'c' }] })).toMatchObject({
      containers: order,
    });
    expect(patched({ '$deleteFromPrimitiveList/finalizers': ['x'], finalizers: ['k'] })).toMatchObject({
      finalizers: ['k', 'y'],
    });
    expect(patched({ $retainKeys: ['finalizers'] })).toEqual({ finalizers: ['x', 'y'] });
    expect(patched({ $patch: 'replace', a: 1 })).toEqual({ a: 1 });
    expect(() => patched({ containers: [{ image: 'i' }] })).toThrow(/does not contain declared merge key: name/u);
  });

  it('is a merge patch where no lists of objects are concerned', () => {
    const flat = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.option(fc.dictionary(fc.constantFrom('x', 'y'), fc.option(fc.string()))),
    );
    fc.assert(
      fc.property(flat, flat, (target, patch) => {
        expect(strategicMergePatch(target, patch)).toEqual(mergePatch(target, patch));
      }),
    );
  });
});
