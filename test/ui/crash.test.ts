import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../source/live/model.ts';
import { demoModel } from './fakes.ts';
import { openScreen, type Screen } from './screen.ts';

let screen: Screen;
afterEach(() => screen.close());

/** Crashes that were written down. */
function reports() {
  const seen: { readonly error: unknown; readonly lines: readonly LogLine[] }[] = [];
  const reportCrash = (error: unknown, lines: readonly LogLine[]) => {
    seen.push({ error, lines });
    return `/state/crashes/${seen.length}.txt`;
  };
  return { seen, reportCrash };
}

describe('what a screen throws', () => {
  it('costs that screen only, and is written down with the log', async () => {
    const model = demoModel();
    const { seen, reportCrash } = reports();
    screen = await openScreen({ model, reportCrash });
    await screen.press('a', 'j', 'j', 'enter');
    await screen.see('Chain of credentials');
    model.pods = () => {
      throw new Error('planted in the pods');
    };
    await screen.press('tab', 'tab');
    await screen.see('✗ This screen failed');
    await screen.see('planted in the pods');
    await screen.see('What led to it is in /state/crashes/1.txt');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.error).toMatchObject({ message: 'planted in the pods' });
    await screen.press('esc');
    await screen.see('associations(prod-eu-1/all)');
    await screen.press(':', ...'log', 'enter');
    await screen.see('─ log');
  });
});

describe('what is thrown around the screens', () => {
  it('ends the app with one sentence and where to read more', async () => {
    const model = demoModel();
    const { seen, reportCrash } = reports();
    screen = await openScreen({ model, reportCrash });
    await screen.press('w');
    await screen.see('clusters(all)');
    const ended = expect(screen.exited).rejects.toThrow(
      'the app crashed: planted in the header; what led to it is in /state/crashes/1.txt',
    );
    model.caller = () => {
      throw new Error('planted in the header');
    };
    model.commit();
    await ended;
    expect(seen).toHaveLength(1);
  });
});
