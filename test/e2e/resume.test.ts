/** Runs that are cut short, as users and machines cut them: resume, undo, and the record of it all. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cleanEnvironment,
  cli,
  type Finished,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';

let home: ReturnType<typeof temporaryHome>;
let sandbox: SandboxForTest;
let cluster: string;

/** The world for the tests of a group; `demo` has much to do, `docs` little. */
function inWorld(world: 'demo' | 'docs', name: string): void {
  beforeEach(async () => {
    home = temporaryHome();
    cluster = name;
    sandbox = await startTestSandbox(['--world', world, '--seed', '1', '--latency', '20']);
  });
  afterEach(async () => {
    await sandbox.stop();
    home.remove();
  });
}

const environment = () => cleanEnvironment(home.home, { ...sandbox.environment });
const podid = (...args: string[]): Promise<Finished> => runProgram(args, environment());

/** Begins an approved migration and sends `signals`, each when `done` more actions are done. */
async function interrupted(signals: readonly NodeJS.Signals[], done: number) {
  const args = [cli, 'migrate', '--cluster', cluster, '--approve'];
  const child = spawn(process.execPath, args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: string[] = [];
  const left = [...signals];
  let seen = 0;
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.startsWith('  done')) seen += 1;
    if (seen < done) continue;
    const signal = left.shift();
    if (signal) child.kill(signal);
  }
  const [code, signal] = await closed;
  const run = /^run (\S+)$/m.exec(lines.join('\n'))?.[1];
  if (!run) throw new Error(`no run was told: ${lines.join('\n')}`);
  return { run, code, signal, lines };
}

type Role = { readonly name: string; readonly trustPolicy: string };
type State = {
  readonly accounts: readonly { readonly id: string; readonly roles: readonly Role[] }[];
  readonly clusters: readonly {
    readonly name: string;
    readonly associations: readonly Record<string, unknown>[];
    readonly objects: { readonly serviceaccounts: readonly { readonly metadata: Record<string, unknown> }[] };
  }[];
};

const parsed = (document: string): unknown => {
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
};

/** Everything that decides who has which identity: trust policies, associations, annotations. */
async function identities() {
  const state = (await sandbox.control('state')) as State;
  const trust = state.accounts.flatMap(({ id, roles }) =>
    roles.map(({ name, trustPolicy }) => [`${id} ${name}`, parsed(trustPolicy)]),
  );
  const [{ associations, objects }] = state.clusters.filter(({ name }) => name === cluster) as [State['clusters'][0]];
  const live = associations.filter(({ deleted }) => !deleted);
  return {
    trust: Object.fromEntries(trust),
    associations: live.map(({ id, namespace, serviceAccount, roleArn }) => [id, namespace, serviceAccount, roleArn]),
    annotations: objects.serviceaccounts.map(({ metadata }) => [
      metadata.namespace,
      metadata.name,
      metadata.annotations,
    ]),
  };
}

type Counts = Readonly<Record<string, { readonly writes: number }>>;
async function writes(): Promise<number> {
  const { counts } = (await sandbox.control('requests')) as { readonly counts: Counts };
  return Object.values(counts).reduce((sum, each) => sum + each.writes, 0);
}

type OracleRow = { readonly running: { readonly pods: number; readonly withCredentials: number } };
const without = async (): Promise<number> => {
  const rows = (await sandbox.control('oracle')) as readonly OracleRow[];
  return rows.filter(({ running }) => running.withCredentials < running.pods).length;
};

describe('a migration that is killed half way', () => {
  inWorld('demo', 'prod-eu-1');

  test('is taken up where it was, repeats nothing, and can be taken back', async () => {
    const start = await identities();
    const lost = await without();
    const { run, signal } = await interrupted(['SIGKILL'], 5);
    expect(signal).toBe('SIGKILL');
    const list = JSON.parse((await podid('runs', '-o', 'json')).stdout);
    expect(list).toMatchObject([{ run, state: 'interrupted', command: 'migrate', cluster }]);
    expect(list[0].done).toBeGreaterThanOrEqual(5);
    expect(list[0].done).toBeLessThan(list[0].of);
    expect(await without()).toBe(lost);

    const resumed = await podid('resume', run);
    expect(resumed.stdout).toContain('all tasks were completed successfully');
    expect(await without()).toBe(lost);
    const record = JSON.parse((await podid('runs', 'show', run, '-o', 'json')).stdout);
    expect(record).toMatchObject({ run, state: 'complete', torn: false, place: { account: '111122223333' } });
    expect(record.sittings).toHaveLength(2);
    for (const action of record.actions) {
      expect(action.outcome, action.id).toBe('done');
      expect(action.before, action.id).not.toBeNull();
    }
    // Nothing was made twice: what has a state before was written once in the whole life of the run.
    const tokens = record.actions.map((action: { readonly token: string }) => action.token);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(await writes()).toBe(record.actions.length);

    const second = await podid('migrate', '--cluster', cluster, '--approve');
    expect(second.stdout).toContain('no service accounts or addons to migrate');
    const third = await podid('resume', run);
    expect(third.stderr).toContain('is complete: nothing is left to do');
    expect(await writes()).toBe(record.actions.length);

    const plan = await podid('undo', run);
    expect(plan.stdout).toContain('(plan) would undo');
    expect(await writes()).toBe(record.actions.length);
    const undone = await podid('undo', run, '--approve');
    expect(undone.stdout).toContain('all tasks were completed successfully');
    expect(await identities()).toEqual(start);
    expect(await without()).toBe(lost);
    expect((await podid('undo', run)).stdout).toContain('nothing to undo');
  });
});

describe('a migration that is told to stop', () => {
  inWorld('docs', 'my-cluster');

  test('by one ctrl-c finishes what is in flight, and says how to go on', async () => {
    const { run, code, lines } = await interrupted(['SIGINT'], 1);
    expect(code).toBe(3);
    expect(lines.some(line => line.includes('the run was stopped'))).toBe(true);
    expect(lines.at(-1)).toBe(`to go on: podid-tui resume ${run}`);
    const record = JSON.parse((await podid('runs', 'show', run, '-o', 'json')).stdout);
    expect(record.state).toBe('incomplete');
    expect(record.actions.some(({ outcome }: { outcome: string }) => outcome === 'in-flight')).toBe(false);
    expect((await podid('resume', run)).stdout).toContain('all tasks were completed successfully');
  });
});

describe('a migration that is told to stop at once', () => {
  inWorld('demo', 'prod-eu-1');

  test.each([['SIGTERM'], ['SIGINT', 'SIGINT']] as const)(
    '(%s %s) leaves what is in flight to resume',
    async (...signals) => {
      const { run, code, signal, lines } = await interrupted(signals, 2);
      expect([code, signal]).toEqual([3, null]);
      expect(lines.at(-1)).toBe(`to go on: podid-tui resume ${run}`);
      // How much is in flight at that moment is for the machine to say; what is told is what the journal holds.
      const record = JSON.parse((await podid('runs', 'show', run, '-o', 'json')).stdout);
      const inFlight = record.actions.filter(({ outcome }: { outcome: string }) => outcome === 'in-flight');
      expect(lines.filter(line => line.startsWith('  unknown  '))).toHaveLength(inFlight.length);
      expect(record.actions.some(({ outcome }: { outcome: string }) => outcome !== 'done')).toBe(true);
      const { stdout } = await podid('resume', run);
      expect(stdout).toContain('all tasks were completed successfully');
    },
  );
});

describe('what is refused', () => {
  inWorld('docs', 'my-cluster');

  test('a run that is not here, one of another endpoint, and one that is under way', async () => {
    const { run } = await interrupted(['SIGKILL'], 1);
    expect(await podid('resume', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no run nothing'),
    });
    expect(await podid('resume')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs the id of a run') });
    expect(await podid('runs', 'list')).toMatchObject({ code: 2 });
    const other = await startTestSandbox(['--world', 'demo', '--seed', '1']);
    try {
      const elsewhere = cleanEnvironment(home.home, { ...other.environment });
      expect(await runProgram(['resume', run], elsewhere)).toMatchObject({ code: 1 });
      expect((await runProgram(['runs'], elsewhere)).stdout).toBe('no runs here yet\n');
    } finally {
      await other.stop();
    }
    const child = spawn(process.execPath, [cli, 'resume', run], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    await once(createInterface({ input: child.stderr }), 'line');
    const late = await podid('resume', run);
    expect(late).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`run ${run} is being changed by run ${run}`),
    });
    await ended;
  });

  test('a migration whose journal cannot be kept writes nothing', async () => {
    const args = ['migrate', '--cluster', cluster, '--approve'];
    // A state folder below a file cannot be made.
    const { code, stderr } = await runProgram(args, { ...environment(), XDG_STATE_HOME: `${cli}/state` });
    expect(code).toBe(1);
    expect(stderr).toContain('the journal cannot be kept: ENOTDIR');
    expect(await writes()).toBe(0);
  });
});
