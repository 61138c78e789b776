import { type ActingCommand, actExits, acting, actUsage } from './act.ts';
import { configOf } from './config-file.ts';
import { changeOf, settingFlags, subjectFlags } from './flags/association.ts';
import { policyTexts } from './flags/policy-texts.ts';
import { settingsUsage, subjectUsage } from './flags/usage.ts';

const usage = `podid-tui update: change pod identity associations, and the roles made for them

Usage
  podid-tui update --cluster NAME --namespace NS --service-account-name SA [what is to be changed]
  podid-tui update -f FILE

What no flag and no field of the file mentions stays as it is; an empty --target-role-arn or --policy clears it. It acts at
once; --dry-run shows what it would do.

Options
${subjectUsage}${settingsUsage}  --recreate                  delete the association and make it anew, for what EKS refuses to change in place:
                              pods that start in between get no role
${actUsage}
${actExits}`;

const command: ActingCommand = {
  name: 'update',
  usage,
  asked: { ...subjectFlags, ...settingFlags },
  also: { recreate: { type: 'boolean' } },
  async fromFlags(values) {
    const change = changeOf(values, await policyTexts(values));
    return change.ok ? { ok: true, value: { command: 'update', changes: [change.value] } } : change;
  },
  async fromFile(values, context) {
    const { clusterName, region, changes } = await configOf(values, 'update', context);
    const again = values.recreate === true ? { recreate: true } : {};
    return {
      clusterName,
      region,
      request: { command: 'update', changes: changes.map(each => ({ ...each, ...again })) },
    };
  },
};

/** `podid-tui update`. */
export const update = acting(command);
