import { ok, type Result, refused } from '../../identity/result.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { quote } from '../command-text.ts';
import type { Findings } from '../nodes.ts';
import { gapText } from '../subjects.ts';
import type { WantedAddon } from '../wanted.ts';

/** The version to install: EKS's own choice for the cluster where it could not be read and none was asked for. */
export function offeredVersion({ addonOffers }: Snapshot, { name, version }: WantedAddon): Result<string | undefined> {
  const offer = addonOffers?.get(name);
  if (offer?.state === 'read') return ok(offer.value.version);
  if (version === undefined) return ok(undefined);
  if (version !== 'latest') return ok(version);
  return refused(
    `which version is the latest is not known: what EKS offers ${offer ? gapText(offer) : 'was not read'}`,
  );
}

/** What is installed stays in its version: another one can need preparation, so it is named with the command. */
export function versionRemark(snapshot: Snapshot, wanted: WantedAddon, installed: string, findings: Findings): void {
  const subject = `addon ${wanted.name}`;
  const version = wanted.version === undefined ? ok(undefined) : offeredVersion(snapshot, wanted);
  if (!version.ok || version.value === undefined || version.value === installed) {
    findings.same.push({ subject, reason: `it is installed in version ${installed}` });
    return;
  }
  const { name, region } = snapshot.cluster;
  findings.skipped.push({
    subject,
    reason: `it is installed in version ${installed}, not ${version.value}: its version is not changed here`,
    command: `aws eks update-addon --cluster-name ${quote(name)} --addon-name ${quote(wanted.name)} --addon-version ${quote(version.value)} --resolve-conflicts PRESERVE --region ${quote(region)}`,
  });
}
