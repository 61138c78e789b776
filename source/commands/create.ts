import type { CreateRequest } from '../plan/request.ts';
import type { WantedAssociation } from '../plan/wanted.ts';
import { type ActingCommand, actExits, acting, actUsage } from './act.ts';
import { on, type Values } from './command.ts';
import { configOf } from './config-file.ts';
import { settingFlags, subjectFlags, wantedOf } from './flags/association.ts';
import { policyTexts } from './flags/policy-texts.ts';
import { settingsUsage, subjectUsage } from './flags/usage.ts';

const usage = `podid-tui create: new pod identity associations, and roles for them

Usage
  podid-tui create --cluster NAME --namespace NS --service-account-name SA --role-arn ARN
  podid-tui create --cluster NAME --namespace NS --service-account-name SA --permission-policy-arns ARN[,ARN...]
  podid-tui create -f FILE

It acts at once; --dry-run shows what it would do. A service account that has an association already is left alone: with
another role it is named and exits 3. A role that is made lives in a CloudFormation stack of eksctl's name and shape.

Options
${subjectUsage}${settingsUsage}  --create-service-account    make the service account and its namespace where they are missing
  --install-agent             install the eks-pod-identity-agent add-on first where the cluster has no agent
${actUsage}
${actExits}`;

const command: ActingCommand = {
  name: 'create',
  usage,
  asked: { ...subjectFlags, ...settingFlags, 'create-service-account': { type: 'boolean' } },
  also: { 'install-agent': { type: 'boolean' } },
  async fromFlags(values) {
    const wanted = wantedOf(values, await policyTexts(values));
    return wanted.ok ? { ok: true, value: requestOf(values, [wanted.value]) } : wanted;
  },
  async fromFile(values, context) {
    const { clusterName, region, associations, addons } = await configOf(values, 'create', context);
    if (addons.length > 0)
      context.stderr.write('note: add-ons of the file are left alone; podid-tui apply reads them\n');
    return { clusterName, region, request: requestOf(values, associations) };
  },
};

const requestOf = (values: Values, associations: readonly WantedAssociation[]): CreateRequest => ({
  command: 'create',
  associations,
  ...(on(values, 'install-agent') && { installAgent: true }),
});

/** `podid-tui create`. */
export const create = acting(command);
