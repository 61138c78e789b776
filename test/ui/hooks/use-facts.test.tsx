import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { createApp } from '../../../source/ui/controller/app.ts';
import { AppContext, useFacts } from '../../../source/ui/hooks/use-app.ts';
import { themeOf } from '../../../source/ui/theme/theme.ts';
import { demoModel, FakeWorkbench, ManualClock } from '../fakes.ts';

const turn = () => new Promise(resolve => setImmediate(resolve));

let rendered = 0;

/** How many clusters there are. */
function Count({ sign }: { readonly sign: string }) {
  const { text } = useFacts(
    [sign],
    // A new object each time: what it says is what counts.
    model => ({ text: `${sign}${model.clusters().length}` }),
    (a, b) => a.text === b.text,
  );
  rendered += 1;
  return <Text>{text}</Text>;
}

it('renders again when what is told is something else, and not with every commit', async () => {
  const model = demoModel();
  const app = createApp({
    model,
    workbench: new FakeWorkbench(),
    clock: new ManualClock(),
    options: { sandbox: false, version: '0' },
    theme: themeOf('dark', 'truecolor'),
    environment: {},
    write: () => {},
    size: { columns: 100, rows: 30 },
  });
  const of = (sign: string) => (
    <AppContext value={app}>
      <Count sign={sign} />
    </AppContext>
  );
  const all = model.clusterRows;
  const screen = render(of('#'));
  await turn();
  expect(screen.lastFrame()).toBe(`#${all.length}`);
  const before = rendered;
  model.commit();
  model.commit();
  await turn();
  expect(rendered).toBe(before);
  model.clusterRows = all.slice(1);
  model.commit();
  await turn();
  expect(screen.lastFrame()).toBe(`#${all.length - 1}`);
  screen.rerender(of('%'));
  await turn();
  expect(screen.lastFrame()).toBe(`%${all.length - 1}`);
  screen.unmount();
});
