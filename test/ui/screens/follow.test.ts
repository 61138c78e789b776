import { afterEach, describe, expect, it } from 'vitest';
import type { RequestNote } from '../../../source/run/ports.ts';
import { account, association, associationRow, demoModel, finished, prod, start } from '../fakes.ts';
import { approvePlan, openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const logLines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({
    at: start + (from + index) * 1000,
    level: 'info' as const,
    source: 'eks eu-west-1',
    text: `line ${from + index}.`,
  }));

describe('the log', () => {
  const openLog = async (lines: number) => {
    const model = demoModel();
    model.logLines = logLines(0, lines);
    screen = await openScreen({ model });
    await screen.press(':');
    screen.send('log');
    await screen.press('enter');
    await screen.see(`log[${lines}]`);
  };
  const come = (count: number) => {
    const { model } = screen;
    model.logLines = [...model.logLines, ...logLines(model.logLines.length, model.logLines.length + count)];
    model.commit();
  };

  it('follows its end until somebody scrolls up, and says what comes meanwhile', async () => {
    await openLog(40);
    await screen.see('line 39.');
    expect(screen.text()).toContain('─ following <s> ─');
    come(2);
    await screen.see('line 41.');
    await screen.press('k', 'k');
    await screen.see('not following <s>');
    await screen.see('line 18.');
    const first = screen.lines().findIndex(line => line.includes('line 18.'));
    expect(first).toBe(5);
    come(7);
    await screen.see('not following, 7 new below <s>');
    expect(screen.lines().findIndex(line => line.includes('line 18.'))).toBe(first);
    await screen.press('s');
    await screen.see('line 48.');
    expect(screen.text()).toContain('─ following <s> ─');
  });

  it('is followed again at its last line, by F, and after another filter', async () => {
    await openLog(40);
    await screen.press('g');
    await screen.see('not following <s>');
    await screen.press('G');
    await screen.see('─ following <s>');
    await screen.press('F');
    await screen.see('not following <s>');
    await screen.press('F');
    await screen.see('─ following <s>');
    await screen.press('pageup');
    await screen.see('not following <s>');
    await screen.press('/');
    screen.send('eks');
    await screen.see('─ following <s>');
  });
});

describe('the requests of a run', () => {
  const note = (index: number): { readonly type: 'request'; readonly at: number; readonly note: RequestNote } => ({
    type: 'request',
    at: start,
    note: {
      at: start + index,
      service: 'iam',
      operation: 'UpdateAssumeRolePolicy',
      account,
      subject: `role-${index}.`,
      status: 200,
      milliseconds: 31,
      attempts: 1,
      write: true,
    },
  });
  const notes = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => note(from + index));
  const running = async (size: { readonly columns?: number; readonly rows?: number } = {}) => {
    screen = await openScreen(size);
    await screen.press('G', 'm');
    await screen.see('PLAN (noth');
    await approvePlan(screen);
  };

  it('are followed until somebody scrolls them, and again by the key', async () => {
    await running();
    screen.workbench.push(...notes(0, 9));
    await screen.see('role-8.');
    expect(screen.text()).toMatch(/── requests ─+ following <F> ──/);
    expect(screen.text()).not.toContain('role-3.');
    await screen.press('{', '{');
    await screen.see('not following <F> ──');
    await screen.see('role-2.');
    screen.workbench.push(...notes(9, 21));
    await screen.see('not following, 12 new below <F> ──');
    expect(screen.text()).toContain('role-2.');
    expect(screen.text()).not.toContain('role-7.');
    await screen.press('F');
    await screen.see('role-20.');
    expect(screen.text()).toMatch(/── requests ─+ following <F> ──/);
    await screen.press('F', '}');
    await screen.see(/── requests ─+ following <F> ──/);
  });

  it('leave room for what is left in the end, which scrolls too', async () => {
    await running({ columns: 80, rows: 24 });
    const failed = Array.from({ length: 9 }, (_, index) => ({
      id: `t${index}`,
      subject: `role-${index}.`,
      reason: 'no',
    }));
    screen.workbench.push(...notes(0, 9), finished(0, failed));
    await screen.see('FINISHED');
    await screen.see(/── what is left ─+ 1-5 of 9 <\{> <\}> ──/);
    expect(screen.text()).not.toContain('role-5.');
    await screen.press('}', '}', '}', '}', '}', '}', '}');
    await screen.see('5-9 of 9');
    expect(screen.text()).toContain('role-8.');
    await screen.press('{');
    await screen.see('4-8 of 9');
  });

  it('of another run are followed from the first on', async () => {
    await running();
    screen.workbench.push(...notes(0, 9));
    await screen.see('role-8.');
    await screen.press('{', '{', '{');
    await screen.see('role-1.');
    screen.clock.advance(1000);
    screen.workbench.push(finished(0, [{ id: 't1', subject: 'role-1.', reason: 'no' }]));
    await screen.see('FINISHED');
    await screen.press('e');
    await screen.see('RUNNING');
    screen.workbench.push(...notes(20, 30));
    await screen.see('role-29.');
    expect(screen.text()).toMatch(/── requests ─+ following <F> ──/);
  });

  it('are said to have no room where they have none', async () => {
    await running({ columns: 60, rows: 15 });
    await screen.press('F');
    await screen.see('the terminal is too small for the requests');
  });
});

describe('a row', () => {
  it('is followed by F on screen, through another order, and let go by esc', async () => {
    screen = await openScreen();
    await screen.press('a', 'j', 'j', 'F');
    await screen.see('─ following payments/ledger  <F> or <esc> ends ─');
    await screen.press('S');
    await screen.see('by health');
    expect(screen.cursorLine()).toContain('ledger');
    const { model } = screen;
    model.associationRows = model.associationRows.filter(row => row.serviceAccount !== 'ledger');
    model.commit();
    await screen.see('following payments/ledger: it is gone');
    expect(screen.cursorLine()).toContain('payments/ledger is gone; nothing here acts on it');
    await screen.press('ctrl-d');
    await screen.see('delete: that row is gone');
    model.associationRows = [associationRow(prod, association('payments', 'ledger', 'new')), ...model.associationRows];
    model.commit();
    await screen.until('it is back', () => /▌ +payments +ledger +new/.test(screen.cursorLine()));
    await screen.press('esc');
    await screen.lose('following');
    expect(screen.text()).toContain('associations(prod-eu-1/all)');
  });

  it.each([
    ['with colour', {}, true],
    ['without', { NO_COLOR: '1' }, false],
  ] as const)('that is gone is struck through %s, and has its sign', async (_, environment, struck) => {
    screen = await openScreen({ environment: { COLORTERM: 'truecolor', ...environment } });
    await screen.press('a');
    await screen.see('associations(prod-eu-1/all)[5]');
    const { model } = screen;
    model.associationRows = model.associationRows.filter(row => row.serviceAccount !== 'ledger');
    model.commit();
    await screen.see(/│ - payments +ledger .* gone +│/);
    const row = screen.lines().findIndex(line => line.includes('ledger'));
    const column = screen.lines()[row]?.indexOf('ledger') ?? 0;
    const cell = (at: number) => screen.terminal.buffer.active.getLine(row)?.getCell(at)?.isStrikethrough() !== 0;
    // Only where the terminal is written to in colours: this process decides that once.
    if (process.env.FORCE_COLOR) expect(cell(column)).toBe(struck);
    expect(cell(2)).toBe(false);
    screen.clock.advance(5000);
    await screen.lose('ledger');
  });
});
