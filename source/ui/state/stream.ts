/**
 * Where a stream of lines is read by hand; absent: its end is followed. It is bound to the lines themselves, so that what
 * comes at the end, and what is dropped at the beginning, does not move what is read.
 */
export type StreamPlace<Item> = {
  /** The first line in the window. */
  readonly first: Item;
  /** The last line that has been in sight. */
  readonly seen: Item;
};

export type StreamWindow = {
  /** Index of the first line shown. */
  readonly top: number;
  readonly following: boolean;
  /** Lines below that have never been in sight. */
  readonly fresh: number;
};

/** What of a stream is shown in `height` lines. */
export function streamWindow<Item>(
  items: readonly Item[],
  place: StreamPlace<Item> | undefined,
  height: number,
): StreamWindow {
  const most = Math.max(0, items.length - height);
  if (!place) return { top: most, following: true, fresh: 0 };
  // A line that was dropped is older than all that are left.
  const top = Math.max(0, Math.min(items.indexOf(place.first), most));
  const seen = Math.max(items.indexOf(place.seen), Math.min(items.length, top + height) - 1);
  return { top, following: false, fresh: items.length - 1 - seen };
}

/** The window further on by lines, or at an end. At the last line the stream is followed again. */
export function scrollStream<Item>(
  items: readonly Item[],
  place: StreamPlace<Item> | undefined,
  height: number,
  to: number | 'first' | 'last',
): StreamPlace<Item> | undefined {
  const now = streamWindow(items, place, height);
  const most = Math.max(0, items.length - height);
  const top = to === 'first' ? 0 : to === 'last' ? most : Math.max(0, Math.min(most, now.top + to));
  return top >= most ? undefined : placeAt(items, top, Math.max(items.length - 1 - now.fresh, top + height - 1));
}

/** Stops following the end where it is, or goes back to following it. */
export function turnFollowing<Item>(
  items: readonly Item[],
  place: StreamPlace<Item> | undefined,
  height: number,
): StreamPlace<Item> | undefined {
  return place ? undefined : placeAt(items, Math.max(0, items.length - height), items.length - 1);
}

function placeAt<Item>(items: readonly Item[], top: number, last: number): StreamPlace<Item> | undefined {
  const first = items[top];
  const seen = items[last];
  return first === undefined || seen === undefined ? undefined : { first, seen };
}
