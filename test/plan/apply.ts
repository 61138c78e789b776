/** Carries a plan out on facts alone, as a run would on the world, and keeps the journal of it. */
import type { Association, Pod } from '../../source/identity/facts.ts';
import { subjectText } from '../../source/identity/scope.ts';
import type { Action } from '../../source/plan/action.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import type { JournaledRecord, Prior } from '../../source/plan/undo/journaled.ts';
import { association, type Facts, healthyAgent } from './world.ts';

export type Applied = { readonly facts: Facts; readonly records: readonly JournaledRecord[] };

/** Throws when an action finds something else than it expects: a plan must fit the world that it was made from. */
export function apply(world: Facts, plan: Plan): Applied {
  const facts: Facts = { ...world };
  const records: JournaledRecord[] = [{ type: 'begin', plan }];
  const done = new Set<string>();
  for (const { id, needs, action } of actions(plan.root)) {
    for (const need of needs) if (!done.has(need)) throw new Error(`${id} comes before ${need}`);
    const prior = carryOut(facts, action);
    if (prior) records.push({ type: 'before', id, prior });
    records.push({ type: 'after', id });
    done.add(id);
  }
  records.push({ type: 'end' });
  return { facts, records };
}

/** Changes the facts; gives the state before, or undefined for what writes nothing. */
function carryOut(facts: Facts, action: Action): Prior | undefined {
  const fits = (seen: unknown, wanted: unknown) => {
    if (JSON.stringify(seen) !== JSON.stringify(wanted))
      throw new Error(`${action.type} ${action.subject}: found ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
  };
  switch (action.type) {
    case 'install-addon':
      facts.agent = healthyAgent;
      return { kind: 'nothing' };
    case 'edit-trust':
    case 'edit-stack-trust': {
      const role = facts.roles.find(({ arn }) => arn === action.roleArn);
      fits(role?.trustPolicy, action.expects);
      const document = action.type === 'edit-trust' ? action.request.PolicyDocument : action.trustPolicy;
      facts.roles = facts.roles.map(each => (each === role ? { ...each, trustPolicy: document } : each));
      return { kind: 'trust', document: role?.trustPolicy ?? '' };
    }
    case 'create-association': {
      fits(associationOf(facts, action.subject), undefined);
      const { roleArn, disableSessionTags = false } = action.request;
      facts.associations = [
        ...facts.associations,
        association(action.subject, String(roleArn), { disableSessionTags }),
      ];
      return { kind: 'association', described: null };
    }
    case 'delete-association': {
      const described = associationOf(facts, action.subject);
      fits(described?.roleArn, action.expects.roleArn);
      facts.associations = facts.associations.filter(each => each !== described);
      return { kind: 'association', described: described ?? null };
    }
    case 'annotate': {
      const account = facts.serviceAccounts.find(each => subjectText(each) === action.subject);
      const live = (key: string) => account?.annotations[key] ?? null;
      const before = Object.fromEntries(Object.keys(action.expects).map(key => [key, live(key)]));
      fits(before, action.expects);
      facts.serviceAccounts = facts.serviceAccounts.map(each => {
        if (each !== account) return each;
        const { roleArn: _, ...rest } = each;
        const entries = Object.entries({ ...each.annotations, ...action.request.annotations });
        const annotations = Object.fromEntries(
          entries.flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
        );
        const roleArn = annotations['eks.amazonaws.com/role-arn'];
        return { ...rest, annotations, ...(roleArn && { roleArn }) };
      });
      return { kind: 'annotations', annotations: before };
    }
    case 'restart-workload': {
      const of = (pod: Pod) => pod.owner?.kind === action.workload.kind && pod.owner.name === action.workload.name;
      const mine = facts.pods.filter(pod => subjectText(pod) === action.subject && of(pod));
      const first = mine.find(({ mechanism }) => mechanism !== action.wants);
      const reborn = new Set(action.scope === 'rollout' ? mine : first ? [first] : []);
      facts.pods = facts.pods.map(pod => (reborn.has(pod) ? { ...pod, mechanism: bornWith(facts, pod) } : pod));
      return { kind: 'workload' };
    }
    case 'verify-pods':
      for (const pod of facts.pods.filter(each => subjectText(each) === action.subject))
        fits(pod.mechanism, action.wants);
      return undefined;
    case 'update-addon': {
      const { addonName: name, podIdentityAssociations: wanted } = action.request;
      const addon = facts.addons.find(each => each.name === name);
      const own = facts.associations.filter(({ arn }) => addon?.associationArns.includes(arn));
      const seen = own.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn }));
      fits(seen, action.expects ?? []);
      const made = wanted.map(each =>
        association(`kube-system/${each.serviceAccount}`, String(each.roleArn), {
          ownerArn: `arn:x:addon/prod/${name}/1`,
        }),
      );
      facts.associations = [...facts.associations.filter(each => !own.includes(each)), ...made];
      const associationArns = made.map(({ arn }) => arn);
      facts.addons = facts.addons.map(each => (each === addon ? { ...each, associationArns } : each));
      return { kind: 'nothing' };
    }
    default:
      throw new Error(`no rule for ${action.type}`);
  }
}

const associationOf = (facts: Facts, subject: string): Association | undefined =>
  facts.associations.find(each => subjectText(each) === subject);

/** The webhook looks for an association first, then for the annotation; what the template has itself comes again. */
function bornWith(facts: Facts, pod: Pod): Pod['mechanism'] {
  if (pod.mechanism === 'both') return 'both';
  if (associationOf(facts, subjectText(pod))) return 'pod-identity';
  const account = facts.serviceAccounts.find(each => subjectText(each) === subjectText(pod));
  return account?.roleArn ? 'irsa' : 'none';
}
