/** From the first paint to live rows: what was seen last time stays where it is until something newer takes its place. */
import xterm from '@xterm/headless';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanEnvironment, cli, type SandboxForTest, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { Terminal } from '../helpers/terminal.ts';

const { home, remove } = temporaryHome();
let sandbox: SandboxForTest;

beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'demo']);
});
afterAll(async () => {
  await sandbox.stop();
  remove();
});

const open = (...flags: readonly string[]) =>
  new Terminal(process.execPath, [cli, '--region', sandbox.regions.join(), ...flags], {
    environment: cleanEnvironment(home, sandbox.environment),
  });

async function quit(terminal: Terminal): Promise<void> {
  terminal.send('q');
  await terminal.until('q again');
  terminal.send('q');
  await terminal.exited;
  await terminal.close();
}

/** The screen after each of the pieces that a terminal shows at once: all up to the end of a synchronised update. */
async function screens(raw: string): Promise<readonly string[]> {
  const screen = new xterm.Terminal({ cols: 100, rows: 30, allowProposedApi: true });
  const shown: string[] = [];
  for (const piece of raw.split(/(?<=\u001b\[\?2026l)|(?=\u001b\[\?2026h)/)) {
    await new Promise<void>(resolve => screen.write(piece, resolve));
    const { active } = screen.buffer;
    shown.push(
      Array.from({ length: 30 }, (_, row) => active.getLine(active.viewportY + row)?.translateToString() ?? '').join(
        '\n',
      ),
    );
  }
  screen.dispose();
  return shown;
}

const names = (screen: string): readonly string[] => screen.match(/\b(prod|stg|batch)-[a-z]+-\d\b/g) ?? [];

/** All four clusters were read, with their associations. */
const read = (text: string) =>
  text.includes('LIVE') && (text.match(/ 1\.\d\d +ACTIVE .* \d+ +\d+ +\d+ /g) ?? []).length === 4;

it('shows in every frame the clusters that the first paint showed', async () => {
  const first = open();
  await first.until(read);
  await quit(first);

  for (const flags of [[], ['--offline']]) {
    const second = open(...flags);
    await second.until(flags.length > 0 ? 'OFFLINE' : read);
    const frames = await screens(second.raw);
    const seen = names(frames[0] ?? '');
    expect(seen).toHaveLength(4);
    expect(frames.length).toBeGreaterThan(1);
    for (const frame of frames) expect(names(frame), frame).toEqual(expect.arrayContaining([...seen]));
    // The screen is entered once and never emptied, which some terminals show however briefly.
    expect(second.raw.split('\u001b[?1049h')).toHaveLength(2);
    expect(second.raw).not.toMatch(/\u001b\[[0-3]?J/);
    await quit(second);
  }
});
