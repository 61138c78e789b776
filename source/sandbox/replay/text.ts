import type { Moment, Replay } from './eksctl.ts';

/** The replay as lines for a terminal, 100 columns at most. */
export function replayText(replay: Replay): string {
  const { moved, unrestarted, stranded, lostToARerun, untouched, others, stumbles } = replay;
  const rows = replay.moments.map(row);
  return [
    `eksctl's migration of ${replay.cluster} (world "${replay.world}"), replayed with one fault`,
    'With --remove-oidc-provider-trust-relationship eksctl cuts the old way first: trust policy, then annotation,',
    'then the association, all service accounts side by side; the first failure ends it.',
    '',
    ...stumbles.map(({ subject, why }) => `It would not even plan because of ${subject}: ${why}. Left out here.`),
    ...(stumbles.length > 0 ? [''] : []),
    `${'after'.padStart(7)}  ${columns.join('  ')}`,
    ...rows,
    '',
    `${moved.length} moved: ${list(moved)}`,
    `${unrestarted.length} of these lost their running pods: nobody restarted them, and the old way is cut: ${list(unrestarted)}`,
    `${stranded.length} stranded, the old way cut and the new one not there: ${list(stranded)}`,
    `${lostToARerun.length} of these have no annotation any more, so that a second run does not find them: ${list(lostToARerun)}`,
    `${untouched.length} untouched: ${list(untouched)}`,
    ...(others.length > 0 ? [`Others that lost a role with it: ${others.map(provider).join(', ')}`] : []),
    '',
    'podid-tui --sandbox, then m on the same cluster, migrates it with the same counter beside it.',
    '',
  ].join('\n');
}

const columns = ['pods', 'IRSA', 'Pod Identity', 'without credentials'];

function row({ at, event, count }: Moment): string {
  const cells = [count.pods, count.byMechanism.irsa, count.byMechanism['pod-identity'], count.lost];
  const figures = cells.map((cell, index) => String(cell).padStart(columns[index]?.length ?? 0)).join('  ');
  return `${since(at).padStart(7)}  ${figures}${event === '' ? '' : `   ${event}`}`;
}

function since(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)}s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`;
}

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

/** An OIDC provider's ARN by what follows the account. */
const provider = (arn: string): string => arn.slice(arn.indexOf('oidc-provider/') + 'oidc-provider/'.length);
