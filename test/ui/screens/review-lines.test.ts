import { describe, expect, test } from 'vitest';
import type { EditStackTrust } from '../../../source/plan/action.ts';
import { actionLines } from '../../../source/ui/screens/review/lines.ts';
import { podsStatement, policy, webStatement } from '../../identity/policies.ts';

const live = policy(webStatement('shop:api'));
const edit: EditStackTrust = {
  account: '111122223333',
  region: 'eu-west-1',
  cluster: 'arn',
  subject: 'role api',
  command: '',
  type: 'edit-stack-trust',
  service: 'cloudformation',
  operation: 'UpdateStack',
  roleArn: 'arn:aws:iam::111122223333:role/api',
  intent: 'admit',
  expects: live,
  trustPolicy: policy(webStatement('shop:api'), podsStatement()),
  request: { StackName: 'eksctl-api', StackId: 'id', Tags: {}, Capabilities: [] },
};
const textOf = (action: EditStackTrust) =>
  actionLines(action, []).map(line => (Array.isArray(line) ? line.map(({ text }) => text).join('') : String(line)));

describe('an edit through a stack', () => {
  test('shows the change alone where template and role agree', () => {
    const text = textOf(edit).join('\n');
    expect(text).toContain('through stack eksctl-api');
    expect(text).toMatch(/\+ .*pods\.eks\.amazonaws\.com/);
    expect(text).not.toContain('differ');
  });

  test('shows first what the template has and the role has not, then the change', () => {
    const lines = textOf({ ...edit, templateTrust: policy(webStatement('shop:old')) });
    const at = (part: RegExp) => lines.findIndex(line => part.test(line));
    expect(at(/template and the role differ today/)).toBeGreaterThan(-1);
    expect(at(/- .*shop:old/)).toBeGreaterThan(at(/differ today/));
    expect(at(/\+ .*shop:api/)).toBeGreaterThan(at(/- .*shop:old/));
    expect(at(/and then the change/)).toBeGreaterThan(at(/\+ .*shop:api/));
    expect(at(/\+ .*pods\.eks/)).toBeGreaterThan(at(/and then the change/));
  });
});
