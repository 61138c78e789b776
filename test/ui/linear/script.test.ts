import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterArn, demoModel, roleArn } from '../fakes.ts';
import { runScript } from './script.ts';

const lines = (...all: readonly string[]): string => all.map(line => `${line}\n`).join('');

const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

/** Answers to all questions for a new association in staging. */
const answers = (more: { readonly tags?: string } = {}): readonly string[] => [
  'new staging-eu-1',
  'payments',
  'worker',
  'payments-api',
  '', // no target role
  'no', // no session tags
  policy,
  more.tags ?? '',
  '', // the account is not made
];

describe('what is piped in', () => {
  it('is taken from its first byte, and what it came to is the exit code', async () => {
    const { text, exitCode } = await runScript('sa staging-eu-1\nlist');
    expect(text).toContain('podid> sa staging-eu-1\nService accounts in staging-eu-1');
    expect(text.match(/Service accounts in staging-eu-1/g)).toHaveLength(2);
    expect(exitCode).toBe(0);
  });
  it('says the same each time', async () => {
    const script = lines('cl', 'sa prod-eu-1', '1', 'back', 'a @all', 'nonsense', 'quit', 'sa staging-eu-1');
    const [one, other] = [await runScript(script), await runScript(script)];
    expect(other.text).toBe(one.text);
    // Nothing is done after quit, and what was not understood counts.
    expect(one.text).not.toContain('in staging-eu-1');
    expect(one.exitCode).toBe(2);
  });
  it('ends well when there is nothing of it', async () => {
    expect((await runScript('')).exitCode).toBe(0);
  });
});

describe('a new association, asked for line by line', () => {
  it('is judged field by field, reviewed, and made when it is approved', async () => {
    const { text, exitCode, workbench, asked } = await runScript(lines(...answers({ tags: 'team=pay' }), 'apply'));
    expect(text).toContain('Namespace: payments. exists, 3 service accounts.');
    expect(text).toContain('Role: payments-api. trusts pods.eks.amazonaws.com.');
    expect(text).toContain('eks:CreatePodIdentityAssociation   payments/worker');
    expect(asked).toEqual([{ phrase: 'apply', typed: 'apply' }]);
    expect(workbench.runs).toHaveLength(1);
    expect(workbench.planned.at(-1)).toMatchObject({
      cluster: { arn: clusterArn('staging-eu-1') },
      request: {
        command: 'create',
        associations: [
          {
            namespace: 'payments',
            serviceAccount: 'worker',
            role: { kind: 'existing', roleArn: roleArn('payments-api') },
            disableSessionTags: true,
            policy,
            tags: { team: 'pay' },
          },
        ],
      },
    });
    expect(exitCode).toBe(0);
  });
  it('is not made by anything but its word', async () => {
    for (const word of ['yes', 'APPLY', 'staging-eu-1', '']) {
      const { text, workbench, exitCode } = await runScript(lines(...answers(), word));
      expect(text).toContain('Nothing was carried out.');
      expect(workbench.runs).toEqual([]);
      expect(exitCode).toBe(word === '' ? 0 : 2);
    }
  });
  it('in production takes the name of the cluster', async () => {
    const [, ...rest] = answers();
    const { asked, workbench } = await runScript(lines('new prod-eu-1', ...rest, 'apply'));
    expect(asked).toEqual([{ phrase: 'prod-eu-1', typed: 'apply' }]);
    expect(workbench.runs).toEqual([]);
  });
  it('takes that name, too, where the plan turns out to edit a role that other clusters live by', async () => {
    const model = demoModel();
    model.roleRows = model.roleRows.map(row => ({ ...row, clusters: 2 }));
    const { asked, workbench, text } = await runScript(lines(...answers(), 'apply'), { model });
    expect(text).toContain('role payments-api is used by 2 clusters: its name is asked for');
    expect(asked).toEqual([{ phrase: 'staging-eu-1', typed: 'apply' }]);
    expect(workbench.runs).toEqual([]);
  });
  it('asks again for what cannot be, with the reason, and takes suggestions by number', async () => {
    const { text } = await runScript(
      lines('new staging-eu-1', 'Bad_Name', '2', 'ledger', 'worker', '3', 'back', 'cancel'),
    );
    expect(text).toContain('Namespace: Bad_Name. Not yet: lower-case letters');
    expect(text).toMatch(/1\. \S+: \d+ service accounts?\n/);
    expect(text).toMatch(/Service account: ledger\. Not yet: already has association a-/);
    expect(text).toContain('Role: payments-api. trusts');
    expect(text).toContain('draft kept: new opens it again');
  });
  it('takes a document in several lines, or from a file, and names the line that is wrong', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'podid-lines-'));
    try {
      const file = path.join(folder, 'policy.json');
      writeFileSync(file, JSON.stringify(JSON.parse(policy), null, 2));
      const start = answers().slice(0, 6);
      const wrong = ['{', '  "Version": "2012-10-17",', '  "Statement": {"Effect": "Allow" "Action": 1}', '}'];
      const several = JSON.stringify(JSON.parse(policy), null, 2).split('\n');
      const { text } = await runScript(lines(...start, ...wrong.slice(0, 3), ...several, 'back', '', `@${file}`));
      expect(text).toContain('Not yet: a comma or } is missing (line 3, column 35).');
      expect(text).toContain(`${policy.length} of 2048 characters`);
      expect(text.match(new RegExp(`${policy.length} of 2048 characters`, 'g'))).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  it('comes back to the field that AWS has refused, and is sent again once that is mended', async () => {
    const refusal = { kind: 'invalid', message: 'the target role cannot be assumed' } as const;
    const again = ['none', '', '', '', '', 'apply'];
    const { text, workbench, exitCode } = await runScript(lines(...answers(), 'apply', ...again), { refusal });
    expect(text).toContain('the target role cannot be assumed');
    expect(text.split('type apply to carry it out> apply')[1]).toContain('Target role, now none.');
    expect(workbench.runs).toHaveLength(2);
    // The first run did nothing of what was asked for.
    expect(exitCode).toBe(1);
  });
  it('is not begun where nothing may be changed', async () => {
    const { text, exitCode } = await runScript(lines('new staging-eu-1', 'payments'), { readOnly: true });
    expect(text).toContain('Nothing new can be made now: read-only');
    expect(exitCode).toBe(2);
  });
  it('ends with the input, and says that nothing was written', async () => {
    const { text, exitCode, workbench } = await runScript(lines(...answers().slice(0, 4)));
    expect(text).toContain('The input ended before it was sent: nothing was written.');
    expect(workbench.planned).toEqual([]);
    expect(exitCode).toBe(2);
  });
});

describe('what is there already', () => {
  it('is changed, with only what differs sent', async () => {
    const { text, workbench } = await runScript(
      lines('a staging-eu-1', 'edit checkout/api', '', '', '', '', 'team=shop', 'apply'),
    );
    expect(text).toContain('A change of checkout/api.');
    expect(workbench.planned.at(-1)?.request).toEqual({
      command: 'update',
      changes: [{ namespace: 'checkout', serviceAccount: 'api', tags: { team: 'shop' } }],
    });
    expect(workbench.runs).toHaveLength(1);
  });
  it('is deleted by number or name, several with their count typed', async () => {
    const one = await runScript(lines('a staging-eu-1', 'delete checkout/api', 'delete'));
    expect(one.workbench.runs).toHaveLength(1);
    const two = await runScript(lines('a prod-eu-1', 'delete 1 2', 'delete', 'delete 1 2', 'delete 2'));
    expect(two.asked).toEqual([
      { phrase: 'delete 2', typed: 'delete' },
      { phrase: 'delete 2', typed: 'delete 2' },
    ]);
    expect(two.workbench.runs).toHaveLength(1);
    const none = await runScript(lines('a staging-eu-1', 'delete', 'delete 99', 'delete x/y'));
    expect(none.text).toContain('Of which line? delete NUMBER');
    expect(none.text).toContain('There is no 99.');
    expect(none.text).toContain('There is no x/y.');
    expect(none.workbench.planned).toEqual([]);
  });
  it('is told as a command and as its facts', async () => {
    const { text } = await runScript(lines('a staging-eu-1', 'cli checkout/api', 'json 1', 'yaml 1'));
    expect(text).toMatch(/podid> cli checkout\/api\naws eks /);
    expect(text).toMatch(/podid> json 1\n\{\n {2}"/);
    expect(text).toMatch(/podid> yaml 1\n\w+: /);
  });
  it('is migrated with the options of the plan, and only by its phrase', async () => {
    const { workbench, asked } = await runScript(
      lines('migrate prod-eu-1', 'restarts', 'out payments/api', 'retirement', 'no'),
    );
    expect(workbench.planned.map(({ request }) => request)).toEqual([
      { command: 'migrate', removeOidcProviderTrust: false },
      { command: 'migrate', removeOidcProviderTrust: false, restartWorkloads: true },
      { command: 'migrate', removeOidcProviderTrust: false, restartWorkloads: true, exclude: ['payments/api'] },
      { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true, exclude: ['payments/api'] },
    ]);
    expect(asked.at(-1)?.typed).toBe('no');
    expect(workbench.runs).toEqual([]);
  });
});

const words = [
  'new staging-eu-1',
  'new',
  'a staging-eu-1',
  'sa prod-eu-1',
  'edit 1',
  'edit checkout/api',
  'delete 1',
  'delete 1 2',
  'delete checkout/api',
  'migrate staging-eu-1',
  'migrate 1',
  'restarts',
  'retirement',
  'payments',
  'worker',
  'payments-api',
  'apply',
  'delete',
  'delete 2',
  'staging-eu-1',
  'prod-eu-1',
  'retire 1',
  'back',
  'cancel',
  'review',
  'clear',
  'discard',
  'undo',
  'resume',
  'runs',
  'set ro',
  'set rw',
  'yes',
  'no',
  'none',
  '',
  '1',
  '3',
  '{',
  policy,
  'quit',
] as const;

describe('any script', () => {
  it('law: ends, writes nothing but what its phrase was typed for, and speaks in plain lines', async () => {
    const line = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...words) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 25 }), async script => {
        const { text, workbench, asked, exitCode } = await runScript(script.join('\n'));
        const approved = asked.filter(({ phrase, typed }) => phrase === typed.trim()).length;
        expect(workbench.runs.length + workbench.resumed.length).toBe(approved);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        expect([0, 1, 2, 3]).toContain(exitCode);
      }),
      { numRuns: 60 },
    );
  }, 30_000);
  it('law: bytes that are no text do no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
        const { workbench, text } = await runScript(bytes);
        expect(workbench.runs).toEqual([]);
        expect(text).not.toContain('\u001b');
      }),
      { numRuns: 30 },
    );
  }, 30_000);
});
