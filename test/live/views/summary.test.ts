import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Health } from '../../../source/identity/health.ts';
import { levelsOf, summarise } from '../../../source/live/views/summary.ts';

/** Few healths over many keys, the same objects and equal ones, in any order. */
const level = fc.constantFrom('ok', 'info', 'warning', 'error', 'pending', 'unknown') satisfies fc.Arbitrary<
  Health['level']
>;
const code = fc.constantFrom('OK', 'UNKNOWN') satisfies fc.Arbitrary<Health['code']>;
const health = fc.record({ level, code, detail: fc.constantFrom('this', 'that'), more: fc.constant(0) });
const healths = fc.array(health, { minLength: 1, maxLength: 4 }).chain(shared =>
  fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-c]{1,3}\/[a-c]{1,3}$/), fc.constantFrom(...shared)), {
    selector: ([key]) => key,
    maxLength: 12,
  }),
);

it('tells each kind of trouble once, with its number and the first by name', () => {
  fc.assert(
    fc.property(healths, entries => {
      const told = summarise(entries);
      const kinds = new Set(entries.filter(([, { level }]) => level !== 'ok').map(([, h]) => `${h.level} ${h.code}`));
      expect(told.map(finding => `${finding.level} ${finding.code}`).sort()).toEqual([...kinds].sort());
      for (const finding of told) {
        const those = entries.filter(([, h]) => h.level === finding.level && h.code === finding.code);
        const [first] = those.map(([key, h]) => `${key}: ${h.detail}`).sort();
        const others = those.length === 1 ? '' : ` (and ${those.length - 1} more like it)`;
        expect(finding.detail).toBe(`${first}${others}`);
      }
      const firsts = told.map(({ detail }) => detail.split(':')[0] ?? '');
      expect(firsts).toEqual([...firsts].sort());
      const count = (wanted: Health['level']) => entries.filter(([, h]) => h.level === wanted).length;
      expect(levelsOf(entries)).toEqual({ errors: count('error'), warnings: count('warning') });
    }),
  );
});
