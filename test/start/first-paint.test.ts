import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmless } from '../../source/start/early.ts';
import { firstPaint } from '../../source/start/first-paint.ts';

async function painted(columns: number, rows: number, content: readonly string[]): Promise<readonly string[]> {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let text = '';
  firstPaint({ columns, rows, write: part => (text += part) }, 'starting', content);
  await new Promise<void>(resolve => screen.write(text, resolve));
  return Array.from({ length: rows }, (_, row) => screen.buffer.active.getLine(row)?.translateToString(true) ?? '');
}

describe('the first paint', () => {
  it('shows the rows of the last time inside the frame', async () => {
    const lines = await painted(100, 30, ['as of yesterday', 'prod-eu-1   eu-west-1']);
    expect(lines[0]).toContain('podid-tui   starting');
    expect(lines[4]).toMatch(/^╭─ clusters ─+╮$/);
    expect(lines[5]).toMatch(/^│ as of yesterday +│$/);
    expect(lines[6]).toMatch(/^│ prod-eu-1 {3}eu-west-1 +│$/);
    expect(lines.filter(line => line.startsWith('╰'))).toHaveLength(1);
  });

  it('stays inside the screen whatever the last picture held', async () => {
    const anything = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(60, 80, 100, 200), fc.constantFrom(15, 24, 30), async (rows, w, h) => {
        const lines = await painted(w, h, rows.map(harmless));
        expect(lines[0]).toContain('podid-tui');
        expect(lines.filter(line => /^│.*│$/.test(line) && line.length === w).length).toBe(
          lines.filter(line => line.startsWith('│')).length,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('draws nothing where there is no room', async () => {
    expect((await painted(50, 10, [])).join('')).toBe('');
  });
});
