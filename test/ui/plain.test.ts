import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../source/ui/plain.ts';
import { demoModel, denied, prod, source, start } from './fakes.ts';

describe('a view as plain text', () => {
  it('has the columns and words of the app, and no escape', () => {
    const text = renderPlain(demoModel(), { kind: 'associations', cluster: prod }, 100, start);
    expect(text).toMatch(/NAMESPACE +SERVICE ACCOUNT +ROLE/);
    expect(text).toMatch(/payments +refunds +payments-refunds .* ✗ TRUST\n/);
    expect(text).not.toContain('\u001b');
    expect(text.trimEnd().split('\n')).toHaveLength(6);
  });
  it('says what is missing', () => {
    const model = demoModel();
    model.sourceStates = [source('eks', 'eu-west-1', { state: 'failed', failure: denied })];
    expect(renderPlain(model, { kind: 'clusters' }, 100, start)).toContain(
      'not complete: EKS eu-west-1 cannot be read: jo may not call',
    );
  });
  it('prints the log', () => {
    expect(renderPlain(demoModel(), { kind: 'log' }, 100, start)).toContain(
      'error   kubernetes staging-eu-1 Unauthorized',
    );
  });
});
