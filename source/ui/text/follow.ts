import type { Line } from '../state/lines.ts';
import type { StreamWindow } from '../state/stream.ts';
import { thousands } from './numbers.ts';

/** Whether the end of a stream is followed, what is missed otherwise, and the key that turns it. */
export function followNote({ following, fresh }: StreamWindow, key: string): Line {
  if (following)
    return [
      { text: 'following ', role: 'dim' },
      { text: `<${key}>`, role: 'key' },
    ];
  const missed = fresh === 0 ? '' : `, ${thousands(fresh)} new below`;
  return [
    { text: `not following${missed} `, role: 'warning' },
    { text: `<${key}>`, role: 'key' },
  ];
}
