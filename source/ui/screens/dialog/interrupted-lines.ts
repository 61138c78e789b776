import type { PodCount } from '../../controller/witness.ts';
import { type Line, line } from '../../state/lines.ts';
import type { Interrupted } from '../../state/state.ts';
import { clockTime, plural } from '../../text/numbers.ts';
import { wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { witnessLine } from '../migrate/witness-line.ts';

const names: Readonly<Record<string, string>> = { migrate: 'migration', undo: 'way back' };

/**
 * What a run that was cut off has done, what is not known of it, and what the world says now.
 *
 * @param pods what the embedded world's oracle says of its cluster; absent: nobody can be asked
 */
export function interruptedLines(
  { command, begunAt, tally, others }: Interrupted,
  { name, pods }: { readonly name: string; readonly pods: PodCount | undefined },
  width: number,
): readonly Line[] {
  const { done, of, failed, held, unknown } = tally;
  const left = of - done - failed - held - unknown;
  const counts = [
    `${done} of ${of} done`,
    ...(unknown > 0 ? [`${unknown} in flight: whether they happened is asked of AWS and Kubernetes first`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(held > 0 ? [`${held} held`] : []),
    `${left} not begun`,
  ];
  const text = (words: string): readonly Line[] => wrap(words, width).map(part => line(part));
  return [
    ...text(`The ${names[command] ?? command} of ${clean(name)}, begun at ${clockTime(begunAt)}, was cut off.`),
    line(''),
    ...counts.flatMap(count => wrap(`· ${count}`, width).map(part => line(part))),
    ...(pods ? [line(''), witnessLine(pods)] : []),
    line(''),
    ...text('Taking it up goes on with the plan that was approved; nothing is planned anew.'),
    ...(others > 0 ? text(`${plural(others, 'more run')} did not finish either: :runs`) : []),
  ];
}
