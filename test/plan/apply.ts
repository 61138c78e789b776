/** Carries a plan out on facts alone, as a run would on the world, and keeps the journal of it. */
import type { Association, Pod, RoleStack } from '../../source/identity/facts.ts';
import { subjectText } from '../../source/identity/scope.ts';
import {
  type Action,
  type AddonAssociation,
  type CreateRoleStack,
  isRef,
  type Value,
} from '../../source/plan/action.ts';
import { agentAddon } from '../../source/plan/agent.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import type { JournaledRecord, Prior } from '../../source/plan/undo/journaled.ts';
import { addon, association, type Facts, healthyAgent, podRole, roleArn, serviceAccount, stack } from './world.ts';

export type Applied = { readonly facts: Facts; readonly records: readonly JournaledRecord[] };

/** Throws when an action finds something else than it expects: a plan must fit the world that it was made from. */
export function apply(world: Facts, plan: Plan): Applied {
  const facts: Facts = { ...world };
  const records: JournaledRecord[] = [{ type: 'begin', plan }];
  const done = new Set<string>();
  const outputs: Outputs = new Map();
  for (const { id, needs, action, onlyIfFails } of actions(plan.root)) {
    if (onlyIfFails !== undefined) continue;
    for (const need of needs) if (!done.has(need)) throw new Error(`${id} comes before ${need}`);
    const prior = carryOut(facts, action, outputs, id);
    if (prior) records.push({ type: 'before', id, prior });
    const told = outputs.get(id);
    records.push({ type: 'after', id, ...(told && { outputs: told }) });
    done.add(id);
  }
  records.push({ type: 'end' });
  return { facts, records };
}

/** Changes the facts; gives the state before, or undefined for what writes nothing. */
function carryOut(facts: Facts, action: Action, outputs: Outputs, id: string): Prior | undefined {
  const resolved = (value: Value<string>): string =>
    isRef(value) ? (outputs.get(value.$from)?.[value.output] ?? 'unknown') : value;
  const fits = (seen: unknown, wanted: unknown) => {
    if (JSON.stringify(seen) !== JSON.stringify(wanted))
      throw new Error(`${action.type} ${action.subject}: found ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
  };
  switch (action.type) {
    case 'install-addon': {
      const { addonName: name, podIdentityAssociations: wanted = [] } = action.request;
      if (name === agentAddon) facts.agent = healthyAgent;
      else {
        facts.addons = [...facts.addons, addon(name)];
        giveAddon(facts, name, wanted, resolved);
      }
      return { kind: 'nothing' };
    }
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
      const { roleArn, disableSessionTags = false, tags = {}, policy, targetRoleArn } = action.request;
      const settings = { disableSessionTags, tags, ...(policy && { policy }), ...(targetRoleArn && { targetRoleArn }) };
      facts.associations = [...facts.associations, association(action.subject, resolved(roleArn), settings)];
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
      facts.associations = facts.associations.filter(each => !own.includes(each));
      giveAddon(facts, name, wanted, resolved);
      return { kind: 'nothing' };
    }
    case 'update-association': {
      const described = associationOf(facts, action.subject);
      if (!described) throw new Error(`${action.subject} has no association`);
      for (const [key, value] of Object.entries(action.expects))
        fits(described[key as keyof Association] ?? null, value);
      const { roleArn: given, targetRoleArn, disableSessionTags, policy } = action.request;
      const { targetRoleArn: _target, policy: _policy, ...rest } = described;
      const [target, session] = [targetRoleArn ?? described.targetRoleArn, policy ?? described.policy];
      const next: Association = {
        ...rest,
        ...(given !== undefined && { roleArn: resolved(given) }),
        ...(target && { targetRoleArn: target }),
        ...(disableSessionTags !== undefined && { disableSessionTags }),
        ...(session && { policy: session }),
      };
      facts.associations = facts.associations.map(each => (each === described ? next : each));
      return { kind: 'association', described };
    }
    case 'tag-association': {
      const described = associationOf(facts, action.subject);
      if (!described) throw new Error(`${action.subject} has no association`);
      const all = Object.entries({ ...described.tags, ...action.request.tags });
      const tags = Object.fromEntries(all.filter(([key]) => !action.request.untag.includes(key)));
      facts.associations = facts.associations.map(each => (each === described ? { ...each, tags } : each));
      return { kind: 'association', described };
    }
    case 'create-role-stack':
      outputs.set(id, makeStack(facts, action.request));
      return { kind: 'nothing' };
    case 'update-role-stack': {
      const { StackName: stackName, TemplateBody } = action.request;
      const [, found, template] = stackNamed(facts, stackName);
      fits(template, action.expects.TemplateBody);
      facts.templates = new Map(facts.templates).set(stackName, TemplateBody);
      outputs.set(id, { roleArn: found.outputs.Role1 ?? '' });
      return { kind: 'role-stack', stack: found, template };
    }
    case 'delete-role-stack': {
      const { StackName: stackName } = action.request;
      const [name, found, template] = stackNamed(facts, stackName);
      const [stacks, templates] = [new Map(facts.stacks), new Map(facts.templates)];
      stacks.delete(name);
      templates.delete(stackName);
      Object.assign(facts, { stacks, templates, roles: facts.roles.filter(each => each.name !== name) });
      return { kind: 'role-stack', stack: found, template };
    }
    case 'create-namespace':
      return { kind: 'nothing' };
    case 'create-service-account': {
      const found = facts.serviceAccounts.find(each => subjectText(each) === action.subject) ?? null;
      const fresh = { ...serviceAccount(action.subject), labels: action.request.labels };
      if (!found) facts.serviceAccounts = [...facts.serviceAccounts, fresh];
      outputs.set(id, { uid: fresh.uid });
      return { kind: 'service-account', found };
    }
    case 'delete-service-account': {
      const found = facts.serviceAccounts.find(each => subjectText(each) === action.subject) ?? null;
      fits(found?.uid, action.expects.uid);
      facts.serviceAccounts = facts.serviceAccounts.filter(each => each !== found);
      return { kind: 'service-account', found };
    }
  }
}

type Outputs = Map<string, Readonly<Record<string, string>>>;

const idOf = (name: string) => `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/1`;

/** A stack with its role, whose name CloudFormation would make up. */
function makeStack(facts: Facts, { StackName, TemplateBody, Tags, Capabilities }: CreateRoleStack['request']) {
  if (facts.templates.has(StackName)) throw new Error(`there is a stack ${StackName}`);
  const name = StackName.slice(-60);
  const made = { stackName: StackName, stackId: idOf(StackName), tags: Tags, capabilities: Capabilities };
  facts.roles = [...facts.roles, podRole(name)];
  facts.stacks = new Map(facts.stacks).set(name, stack(name, made));
  facts.templates = new Map(facts.templates).set(StackName, TemplateBody);
  return { roleArn: roleArn(name), stackId: idOf(StackName) };
}

function stackNamed(facts: Facts, stackName: string): readonly [string, RoleStack, string] {
  const [name, found] = [...facts.stacks].find(([, each]) => each.stackName === stackName) ?? [];
  if (name === undefined || !found) throw new Error(`no stack ${stackName}`);
  return [name, found, facts.templates.get(stackName) ?? ''];
}

function giveAddon(
  facts: Facts,
  name: string,
  wanted: readonly AddonAssociation[],
  resolved: (value: Value<string>) => string,
): void {
  const ownerArn = `arn:aws:eks:eu-west-1:111122223333:addon/prod/${name}/1`;
  const made = wanted.map(each =>
    association(`kube-system/${each.serviceAccount}`, resolved(each.roleArn), { ownerArn }),
  );
  facts.associations = [...facts.associations, ...made];
  const associationArns = made.map(({ arn }) => arn);
  facts.addons = facts.addons.map(each => (each.name === name ? { ...each, associationArns } : each));
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
