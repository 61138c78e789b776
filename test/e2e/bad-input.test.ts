/** What cannot work is answered with one sentence that says what to do, a proper exit code, and no stack trace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cleanEnvironment,
  type Finished,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';

const home = temporaryHome();
let sandbox: SandboxForTest;

beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'docs', '--seed', '1']);
});
afterAll(async () => {
  await sandbox.stop();
  home.remove();
});

const run = (args: readonly string[], extra: Record<string, string> = {}) =>
  runProgram(args, cleanEnvironment(home.home, { ...sandbox.environment, ...extra }));

function expectOneSentence({ stderr, stdout }: Finished, what: RegExp): void {
  const said = stderr
    .trim()
    .split('\n')
    .filter(line => !/^Try podid-tui ([a-z]+ )?--help\.$/.test(line));
  expect(said, stderr).toHaveLength(1);
  expect(said[0]).toMatch(what);
  expect(`${stderr}${stdout}`).not.toMatch(/\n\s+at /);
}

describe('wrong usage exits 2', () => {
  test.each([
    ['an unknown command', ['migrat'], /there is no command "migrat"/],
    ['an unknown flag', ['migrate', '--cluser', 'x'], /--cluser/],
    ['a missing cluster', ['migrate'], /--cluster must be set/],
    ['a wrong output format', ['migrate', '--cluster', 'my-cluster', '-o', 'xml'], /text, json/],
    [
      'a service account without its namespace',
      ['migrate', '--cluster', 'x', '--service-account-name', 'y'],
      /--namespace/,
    ],
    ['sandbox options without the sandbox', ['--latency', '50'], /--sandbox/],
    ['an unknown world', ['sandbox', '--world', 'narnia'], /docs.*demo.*fleet/],
  ])('%s', async (_, args, sentence) => {
    const finished = await run(args);
    expectOneSentence(finished, sentence);
    expect(finished.code).toBe(2);
  });
});

describe('what cannot be reached or is refused exits 1', () => {
  test('an unknown cluster', async () => {
    const finished = await run(['migrate', '--cluster', 'nope']);
    expectOneSentence(finished, /no cluster named "nope" in us-west-2/);
    expect(finished.code).toBe(1);
  });

  test('an endpoint that refuses connections', async () => {
    const finished = await run(['migrate', '--cluster', 'my-cluster'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expectOneSentence(finished, /127\.0\.0\.1:9/);
    expect(finished.code).toBe(1);
  });

  test('no credentials at all: what was looked for is named', async () => {
    const environment = cleanEnvironment(home.home, {
      AWS_ENDPOINT_URL: sandbox.environment.AWS_ENDPOINT_URL ?? '',
      AWS_REGION: 'us-west-2',
    });
    const finished = await runProgram(['migrate', '--cluster', 'my-cluster'], environment);
    expectOneSentence(finished, /credentials/i);
    expect(finished.code).toBe(1);
  });

  test('expired credentials', async () => {
    await sandbox.control('faults', { expire: sandbox.environment.AWS_ACCESS_KEY_ID });
    try {
      const finished = await run(['migrate', '--cluster', 'my-cluster']);
      expectOneSentence(finished, /expired/i);
      expect(finished.code).toBe(1);
    } finally {
      await sandbox.control('faults', { expire: sandbox.environment.AWS_ACCESS_KEY_ID, value: false });
    }
  });
});
