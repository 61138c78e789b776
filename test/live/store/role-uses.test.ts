import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RoleNames, RoleUses } from '../../../source/live/store/role-uses.ts';

const arn = fc.constantFrom('role/a', 'role/b', 'role/c');
const names: fc.Arbitrary<RoleNames> = fc.record({
  irsa: fc.option(arn, { nil: undefined }),
  association: fc.option(arn, { nil: undefined }),
  target: fc.option(arn, { nil: undefined }),
});
const moves = fc.array(fc.tuple(fc.nat({ max: 12 }), names), { maxLength: 60 });

/** The same index, worked out from who names what. */
function uses(named: ReadonlyMap<string, RoleNames>, role: string) {
  const all = [...named];
  const users = all.filter(([, { irsa, association, target }]) => [irsa, association, target].includes(role));
  if (users.length === 0) return undefined;
  return {
    subjects: users.map(([key]) => key).sort(),
    associations: all.filter(([, { association, target }]) => association === role || target === role).length,
    annotations: all.filter(([, { irsa }]) => irsa === role).length,
  };
}

it('tells who names a role, however service accounts came to name it', () => {
  fc.assert(
    fc.property(moves, steps => {
      const named = new Map<string, RoleNames>();
      const wanted = new Set<string>();
      const index = new RoleUses(
        role => wanted.add(role),
        role => wanted.delete(role),
      );
      for (const [number, after] of steps) {
        const key = `shop/sa-${number}`;
        index.move(key, named.get(key) ?? {}, after);
        named.set(key, after);
      }
      for (const role of ['role/a', 'role/b', 'role/c']) {
        const use = index.get(role);
        const told = use && { ...use, subjects: [...use.subjects].sort() };
        expect(told).toEqual(uses(named, role));
        expect(wanted.has(role)).toBe(use !== undefined);
      }
      expect(new Set(index.arns())).toEqual(wanted);
    }),
  );
});
