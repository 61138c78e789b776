import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../source/ui/text/cli.ts';
import { csvText } from '../../../source/ui/text/csv.ts';
import { clipboardSequence } from '../../../source/ui/text/osc52.ts';
import { accountRow, association, associationRow, clusterArn, prod } from '../fakes.ts';

describe('the clipboard of a terminal', () => {
  const encoded = Buffer.from('größer\n').toString('base64');
  it('is asked in the terminal’s own words', () => {
    expect(clipboardSequence('größer\n', {})).toBe(`\u001b]52;c;${encoded}\u0007`);
  });
  it('is reached through tmux and screen', () => {
    expect(clipboardSequence('größer\n', { TMUX: '/tmp/x,1,0' })).toBe(
      `\u001bPtmux;\u001b\u001b]52;c;${encoded}\u0007\u001b\\`,
    );
    expect(clipboardSequence('größer\n', { STY: '1.x' })).toBe(`\u001bP\u001b]52;c;${encoded}\u0007\u001b\\`);
  });
  it('takes no more than terminals do', () => {
    expect(clipboardSequence('x'.repeat(56_244), {})).toBeDefined();
    expect(clipboardSequence('x'.repeat(56_300), {})).toBeUndefined();
  });
});

describe('a CSV file', () => {
  it('quotes what must be, and is no spreadsheet program', () => {
    const rows = [
      ['plain', 'a,b', 'say "x"'],
      ['=1+1', '-', '-3'],
      ['@x', 'two\nlines', '+1'],
      ['-cmd', '', 'é'],
    ];
    expect(csvText(['A', 'B', 'C'], rows)).toBe(
      ['A,B,C', 'plain,"a,b","say ""x"""', "'=1+1,-,-3", '\'@x,"two\nlines",\'+1', "'-cmd,,é", ''].join('\r\n'),
    );
  });
});

describe('the command of a row', () => {
  it('makes the same association again', () => {
    const row = associationRow(prod, association('payments', 'api', 'payments-api'));
    expect(commandOf({ kind: 'associations', cluster: prod, row })).toBe(
      'aws eks create-pod-identity-association --cluster-name prod-eu-1 --namespace payments --service-account api' +
        ' --role-arn arn:aws:iam::111122223333:role/payments-api --region eu-west-1',
    );
  });
  it('shows what has none', () => {
    const row = accountRow(prod, 'payments', 'api');
    expect(commandOf({ kind: 'service-accounts', cluster: prod, row })).toContain('kubectl get serviceaccount api');
    expect(commandOf({ kind: 'clusters', cluster: clusterArn('a b') })).toBe(
      "aws eks describe-cluster --name 'a b' --region eu-west-1",
    );
  });
});
