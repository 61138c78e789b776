import type { Owner, ServiceAccount } from '../../identity/facts.ts';
import type { Subject } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { addedStatements } from '../../identity/trust-policy.ts';
import type { EditStackTrust } from '../action.ts';
import type { Findings } from '../nodes.ts';
import type { ActionNode, Evidence } from '../plan.ts';
import { ownerText, roleOwner } from '../role-owner.ts';
import { serviceAccountOf } from '../subjects.ts';

/**
 * Who keeps a service account, by the marks that the tools leave: Argo CD's tracking annotation or instance label (Argo
 * CD, "Resource Tracking"), Flux's labels (Flux, "Kustomization" and "HelmRelease"), Helm's label and annotation (Helm,
 * "Labels and Annotations"). Argo CD and Flux come first: what they install by Helm carries both marks.
 */
export function accountOwner({ labels, annotations }: ServiceAccount): Owner | undefined {
  const tracking = annotations['argocd.argoproj.io/tracking-id'] ?? labels['argocd.argoproj.io/instance'];
  if (tracking) return { kind: 'argocd', evidence: `application ${tracking.split(':')[0]}` };
  for (const kind of ['helm', 'kustomize'] as const) {
    const name = labels[`${kind}.toolkit.fluxcd.io/name`];
    const namespace = labels[`${kind}.toolkit.fluxcd.io/namespace`];
    const what = kind === 'helm' ? 'HelmRelease' : 'Kustomization';
    if (name) return { kind: 'flux', evidence: `${what} ${namespace ? `${namespace}/` : ''}${name}` };
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (labels['app.kubernetes.io/managed-by'] === 'Helm' || release)
    return { kind: 'helm', evidence: release ? `release ${release}` : 'label managed-by' };
  return undefined;
}

/** Marks what the plan changes and somebody else keeps, and prints the change to make there. */
export function remarkOwners(snapshot: Snapshot, nodes: readonly ActionNode[], findings: Findings): void {
  const warn = (subject: string, owner: Owner, change: string) => {
    const detail = `${ownerText(owner)} keeps it and will drift or take the change back`;
    findings.evidence.push({ gate: 'owner', subject, verdict: 'warning', detail });
    findings.notes.push(`Make the change to ${subject} in ${ownerText(owner)} too: ${change}`);
  };
  const ownerOf = (subject: Subject) => {
    const account = serviceAccountOf(snapshot.serviceAccounts, subject);
    return account && accountOwner(account);
  };
  const retired = new Set(nodes.flatMap(({ action }) => (action.type === 'annotate' ? [action.subject] : [])));
  for (const { action } of nodes) {
    if (action.type === 'create-association' && !retired.has(action.subject)) {
      const owner = ownerOf(action.target);
      const detail = owner && `${ownerText(owner)} keeps it; its annotation stays, so nothing drifts yet`;
      if (detail)
        findings.evidence.push({ gate: 'owner', subject: `service account ${action.subject}`, verdict: 'ok', detail });
    }
    if (action.type === 'annotate') {
      const owner = ownerOf(action.target);
      const keys = Object.keys(action.request.annotations).join(', ');
      if (owner) warn(`service account ${action.subject}`, owner, `remove the annotation ${keys}.`);
    }
    if (action.type === 'edit-stack-trust') remarkStack(action, findings);
    if (action.type !== 'edit-trust') continue;
    const owner = roleOwner(snapshot, action.roleArn);
    if (owner.kind === 'other')
      warn(action.subject, owner.owner, trustChange(action.expects, action.request.PolicyDocument));
  }
}

/** How a stack's template and the role compare today; the template gets what the role has, with the edit. */
function remarkStack({ subject, expects, templateTrust, request }: EditStackTrust, findings: Findings): void {
  if (findings.evidence.some(row => row.gate === 'owner' && row.subject === subject)) return;
  const through = `changed through stack ${request.StackName}`;
  const add = (verdict: Evidence['verdict'], detail: string) =>
    findings.evidence.push({ gate: 'owner', subject, verdict, detail: `${through}${detail}` });
  if (request.TemplateBody === undefined)
    add(
      'ok',
      ': its template gets the live trust policy with the edit; whether the two differ today is looked at when the ' +
        'stack is changed',
    );
  else if (templateTrust === undefined) add('ok', ', whose template has the trust policy that the role has');
  else add('warning', `; ${differenceText(templateTrust, expects)}; the template gets the live one with the edit`);
}

function differenceText(inTemplate: string, live: string): string {
  const [there, here] = [statementsBetween(live, inTemplate), statementsBetween(inTemplate, live)];
  const parts = [
    ...(there ? [`its template alone has ${there}`] : []),
    ...(here ? [`the role alone has ${here}`] : []),
  ];
  return `template and role differ: ${parts.join(', ') || 'in more than their statements'}`;
}

/** The statements that the second document has and the first has not. */
function statementsBetween(from: string, to: string): string {
  const between = addedStatements(from, to);
  return between.ok ? between.value.statements.map(text => text.replace(/\s*\n\s*/g, ' ')).join(', ') : '';
}

function trustChange(before: string, after: string): string {
  const [added, removed] = [statementsBetween(before, after), statementsBetween(after, before)];
  const parts = [...(added ? [`add ${added}`] : []), ...(removed ? [`remove ${removed}`] : [])];
  return `in its trust policy, ${parts.join('; ')}.`;
}
