import { describe, expect, it } from 'vitest';
import { lineText } from '../../../source/ui/state/lines.ts';
import { verdict } from '../../../source/ui/text/verdict.ts';
import { clusterRow, health } from '../fakes.ts';

const said = (rows: Parameters<typeof verdict>[0], width = 100) => lineText(verdict(rows, width)).trim();
const fine = { associations: 6, irsa: 4, both: 1 };
const bad = { errors: 3, health: health('error', 'TRUST') };

describe('the verdict', () => {
  it('counts accounts once, whichever way they have a role, and names the worst cluster', () => {
    expect(said([clusterRow('a', fine), clusterRow('b', { ...fine, ...bad })])).toBe(
      '18 accounts: 8 on IRSA, 12 on Pod Identity, 3 broken now   <enter> opens b, the worst',
    );
  });
  it('says at least what is known, and what is not', () => {
    const unread = { associations: undefined, irsa: undefined, both: undefined, health: health('pending', 'PENDING') };
    expect(said([clusterRow('a', unread)])).toMatch(/^\? accounts: \? on IRSA, \? on Pod Identity, \? broken now/);
    expect(said([clusterRow('a', fine), clusterRow('b', unread)])).toMatch(
      /^9\+ accounts: 4\+ on IRSA, 6\+ on Pod Identity, \? broken now/,
    );
  });
  it('offers the move where nothing is broken, and the keys where nothing is left to move', () => {
    expect(said([clusterRow('a', fine)])).toContain('0 broken now   <m> plans the move');
    expect(said([clusterRow('a', { ...fine, irsa: 0, both: 0 })])).toContain('<?> every key');
  });
  it('fits the line', () => {
    for (let width = 20; width < 120; width += 1) {
      const text = lineText(verdict([clusterRow('a-long-name-of-a-cluster', { ...fine, ...bad })], width));
      expect(text.length).toBeLessThanOrEqual(Math.max(width, 62));
    }
    expect(said([clusterRow('a-long-name-of-a-cluster', { ...fine, ...bad })], 80)).toContain('<enter> the worst');
  });
  it('says nothing of nothing', () => {
    expect(verdict([], 100)).toEqual([]);
  });
});
