import { type ActingCommand, actExits, acting, actUsage } from './act.ts';
import { on, text, UsageError } from './command.ts';
import { configOf } from './config-file.ts';
import { settingFlags, subjectFlags, wantedOf } from './flags/association.ts';
import { policyTexts } from './flags/policy-texts.ts';
import { settingsUsage, subjectUsage } from './flags/usage.ts';

const usage = `podid-tui apply: make pod identity associations and add-ons as a file wants them

Usage
  podid-tui apply -f FILE                        create what is missing, change what differs, say what is the same
  podid-tui apply -f FILE --prune --approve      and delete the associations that the file does not name
  podid-tui apply --cluster NAME --namespace NS --service-account-name SA --role-arn ARN

It acts at once; --dry-run shows what it would do. Of add-ons it reads those with podIdentityAssociations, and the agent.

Options
${subjectUsage}${settingsUsage}  --create-service-account    make the service account and its namespace where they are missing
  --prune                     also delete what the file does not name, never what an add-on owns; needs --approve
${actUsage}
${actExits}`;

const command: ActingCommand = {
  name: 'apply',
  usage,
  asked: { ...subjectFlags, ...settingFlags, 'create-service-account': { type: 'boolean' } },
  also: { prune: { type: 'boolean' } },
  problems: values =>
    on(values, 'prune') && text(values, 'config-file') === undefined
      ? ['--prune needs --config-file: it deletes what a file does not name']
      : [],
  async fromFlags(values) {
    const wanted = wantedOf(values, await policyTexts(values));
    if (!wanted.ok) return wanted;
    return { ok: true, value: { command: 'apply', associations: [wanted.value], addons: [], prune: false } };
  },
  async fromFile(values, context) {
    const { clusterName, region, listsAssociations, associations, addons } = await configOf(values, 'apply', context);
    const prune = on(values, 'prune');
    if (prune && !listsAssociations)
      throw new UsageError(
        '--prune deletes what iam.podIdentityAssociations does not name, and the file has no such list',
      );
    return { clusterName, region, request: { command: 'apply', associations, addons, prune } };
  },
};

/** `podid-tui apply`. */
export const apply = acting(command);
