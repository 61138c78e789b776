import type { Count } from '../../live/model.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `4s`, `9m`, `3h`, `94d`: how long ago, in the largest unit that says enough. Input in milliseconds. */
export function age(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < minute) return `${Math.floor(time / second)}s`;
  if (time < hour) return `${Math.floor(time / minute)}m`;
  if (time < 2 * day) return `${Math.floor(time / hour)}h`;
  return `${Math.floor(time / day)}d`;
}

/** `0:48`, `12:05`, `1:02:09`: a stretch of time that is being watched. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / second);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `10:14:49` in UTC, for lines of a log. */
export const clockTime = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** `2026-08-22 09:14Z`, for details. */
export const dateTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** A count with thousands separated; what is not known is `?`, never zero. (ASCII: rows of it are drawn several times faster.) */
export const count = (value: Count): string => (value === undefined ? '?' : thousands(value));

export const thousands = (value: number): string =>
  value < 1000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `4 pods`, `1 pod, on IRSA credentials until it restarts`, `4 pods, 1 of them on IRSA credentials until it restarts`. */
export function podsText(pods: number, onIrsa: number | undefined): string {
  if (!onIrsa) return plural(pods, 'pod');
  const which = onIrsa >= pods ? '' : `${thousands(onIrsa)} of them `;
  const until = onIrsa === 1 ? 'until it restarts' : 'until they restart';
  return `${plural(pods, 'pod')}, ${which}on IRSA credentials ${until}`;
}

/** `1 pod`, `4 pods`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${thousands(value)} ${value === 1 ? one : many}`;
