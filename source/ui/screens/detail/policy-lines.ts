import type { RolePolicyList } from '../../controller/role-policies.ts';
import { jsonLines } from '../../state/line-diff.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { plural } from '../../text/numbers.ts';
import { clean, cleanLines } from '../../text/sanitise.ts';

/** What a role may do: each policy by name, with its document. What is not all there says so first. */
export function policyLines({ phase, items, failure }: RolePolicyList): readonly Line[] {
  return [...headOf(phase, items.length, failure), ...items.flatMap(policy => [blank, ...linesOf(policy)])];
}

function headOf(phase: RolePolicyList['phase'], count: number, failure: RolePolicyList['failure']): readonly Line[] {
  const sofar = count > 0 ? `, ${count} so far` : '';
  switch (phase) {
    case 'unread':
    case 'reading':
      return [line(`… being read${sofar}`, 'dim')];
    case 'failed':
      return [
        line(`? ${clean(failure?.message ?? 'They could not be read.')}`, 'unknown'),
        line(count > 0 ? `What was read before that: ${count}. <ctrl-r> reads again.` : '<ctrl-r> reads again.', 'dim'),
      ];
    case 'read':
      return [
        count === 0
          ? line('No permission policy: it may do only what a resource itself allows it.', 'dim')
          : line(plural(count, 'permission policy', 'permission policies'), 'dim'),
      ];
  }
}

const linesOf = ({ name, arn, document }: RolePolicyList['items'][number]): readonly Line[] => [
  [
    { text: clean(name), role: 'title' },
    { text: arn === undefined ? '   inline' : `   ${clean(arn)}`, role: 'dim' },
  ],
  ...jsonLines(document)
    .flatMap(text => cleanLines(text))
    .map(text => line(text)),
];
