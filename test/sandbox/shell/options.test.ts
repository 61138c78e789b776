import { describe, expect, it } from 'vitest';
import { parseSandboxArguments, SandboxUsageError } from '../../../source/sandbox/shell/options.ts';

describe('the flags of podid-tui sandbox', () => {
  it('open the demo on any free port by default', () => {
    expect(parseSandboxArguments([])).toEqual({
      port: 0,
      world: {
        name: 'demo',
        clusters: 100,
        associations: 100,
        seed: 1,
        faults: { latency: 0, throttle: 0, rate: 0, consistency: 0 },
      },
    });
  });

  it('set everything that goes wrong', () => {
    const argv = '--port 4000 --world fleet --clusters 3 --associations 7 --latency 50 --throttle 2.5';
    const more = '--fault-rate 0.1 --consistency 2000 --seed 42';
    expect(parseSandboxArguments([...argv.split(' '), ...more.split(' ')])).toEqual({
      port: 4000,
      world: {
        name: 'fleet',
        clusters: 3,
        associations: 7,
        seed: 42,
        faults: { latency: 50, throttle: 2.5, rate: 0.1, consistency: 2000 },
      },
    });
  });

  it.each([
    [['--world', 'moon'], '--world is one of docs, demo, fleet, not "moon".'],
    [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536".'],
    [['--port', '1.5'], '--port takes a whole number from 0 to 65535, not "1.5".'],
    [['--fault-rate', '2'], '--fault-rate takes a number from 0 to 1, not "2".'],
    [['--latency', '\u001b[2J'], '--latency takes a number from 0 to 60000, not "\\u001b[2J".'],
    [['--clusters', '5'], '--clusters and --associations belong to --world fleet.'],
    [
      ['--world', 'fleet', '--clusters', '1000', '--associations', '501'],
      '--clusters times --associations is at most 500000: memory has an end.',
    ],
    [['--wrong'], "Unknown option '--wrong'."],
    [['stray'], "Unexpected argument 'stray'."],
  ])('refuse %j in one sentence', (argv, sentence) => {
    const refused = () => parseSandboxArguments(argv);
    expect(refused).toThrow(SandboxUsageError);
    expect(refused).toThrow(new SandboxUsageError(sentence));
  });
});
