import { type ActingCommand, actExits, acting, actUsage } from './act.ts';
import { configOf } from './config-file.ts';
import { subjectFlags, subjectOf } from './flags/association.ts';
import { subjectUsage } from './flags/usage.ts';

const usage = `podid-tui delete: take pod identity associations away, with what was made for them alone

Usage
  podid-tui delete --cluster NAME --namespace NS --service-account-name SA
  podid-tui delete -f FILE

The stack of a role that was made for the association goes with it, and so does a service account that this tool or eksctl
made. What is left behind is named. It acts at once; --dry-run shows what it would do.

Options
${subjectUsage}${actUsage}
${actExits}`;

const command: ActingCommand = {
  name: 'delete',
  usage,
  asked: subjectFlags,
  async fromFlags(values) {
    const subject = subjectOf(values);
    return subject.ok ? { ok: true, value: { command: 'delete', subjects: [subject.value] } } : subject;
  },
  async fromFile(values, context) {
    const { clusterName, region, subjects } = await configOf(values, 'delete', context);
    return { clusterName, region, request: { command: 'delete', subjects } };
  },
};

/** `podid-tui delete`. */
export const deleteAssociations = acting(command);
