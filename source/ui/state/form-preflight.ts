import type { AgentState } from '../../identity/facts.ts';
import type { HealthLevel } from '../../identity/health.ts';
import { known } from '../../identity/reading.ts';
import type { Form } from './form.ts';
import { type FormFacts, formCluster, roleArnOf } from './form-facts.ts';

/** One thing that decides whether the association will work, as far as the model knows it. */
export type Check = { readonly level: HealthLevel; readonly text: string };

/** EKS User Guide, "Pod Identity": associations of a cluster. */
const mostAssociations = 5000;

/** What would be looked at first if it did not work. What is not known is `unknown`: the review reads all of it. */
export function preflight(form: Form, facts: FormFacts): readonly Check[] {
  return [agent(facts), pair(form, facts), trust(form, facts), annotation(form, facts), quota(form, facts)];
}

function agent(facts: FormFacts): Check {
  const cluster = formCluster(facts);
  const state = cluster && known(cluster.agent);
  return state ? agentText(state) : { level: 'unknown', text: 'agent' };
}

function agentText(state: AgentState): Check {
  switch (state.kind) {
    case 'auto-mode':
      return { level: 'ok', text: 'agent: EKS Auto Mode' };
    case 'missing':
      return { level: 'error', text: 'no agent' };
    case 'addon':
      if (state.issues.length > 0 || !['ACTIVE', 'CREATING', 'UPDATING'].includes(state.status))
        return { level: 'error', text: `agent ${state.status}` };
      return state.rollout ? rollout(state.rollout) : { level: 'unknown', text: 'agent ready' };
    case 'daemonset':
      return rollout(state.rollout);
  }
}

const rollout = ({ ready, desired }: { readonly ready: number; readonly desired: number }): Check => ({
  level: ready === desired ? 'ok' : ready === 0 ? 'error' : 'warning',
  text: `agent ready ${ready}/${desired}`,
});

function pair(form: Form, facts: FormFacts): Check {
  const account = form.text.serviceAccount.value.trim();
  if (form.original) return { level: 'ok', text: `association ${form.original.id}` };
  const found = facts.associations.find(item => item.serviceAccount === account);
  if (found) return { level: 'error', text: `association ${found.associationId}` };
  const all = formCluster(facts)?.associations;
  return account === '' || all === undefined
    ? { level: 'unknown', text: 'association for this pair' }
    : { level: 'ok', text: 'no association for this pair' };
}

function trust(form: Form, facts: FormFacts): Check {
  if (form.made) return { level: 'ok', text: 'trust comes with the role' };
  const arn = roleArnOf(form.text.role.value, facts);
  const row = facts.roles.find(item => item.arn === arn);
  if (row?.trustsPods === undefined) return { level: 'unknown', text: 'trust' };
  return row.trustsPods ? { level: 'ok', text: 'trust' } : { level: 'warning', text: 'trust: added first' };
}

function annotation(form: Form, facts: FormFacts): Check {
  const account = form.text.serviceAccount.value.trim();
  const row = facts.serviceAccounts.find(item => item.name === account);
  // Of an account that is not there while the others are known, there is no annotation either.
  const others = facts.serviceAccounts.some(item => item.inCluster) && account !== '';
  const read = row ? row.inCluster !== undefined : others;
  if (!read) return { level: 'unknown', text: 'annotation role-arn' };
  const arn = row?.irsaRoleArn;
  if (!arn) return { level: 'ok', text: 'annotation role-arn: none' };
  return { level: 'warning', text: `annotation role-arn: ${arn.slice(arn.lastIndexOf('/') + 1)}` };
}

function quota(form: Form, facts: FormFacts): Check {
  const used = formCluster(facts)?.associations;
  if (used === undefined) return { level: 'unknown', text: 'quota' };
  const full = form.mode === 'create' && used >= mostAssociations;
  return { level: full ? 'error' : 'ok', text: `quota ${used} of ${mostAssociations.toLocaleString('en-US')} used` };
}
