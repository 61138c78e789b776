/**
 * Runs `work` for every item of a paged list, beginning with the first page while the next is on its way, and yields
 * results in the order in which they come. How many run at once is the limiter's business. The first error of the list
 * or of `work` ends the stream with it; what is still under way then is left to finish unheard.
 */
export async function* asTheyCome<Item, Result>(
  list: AsyncIterable<readonly Item[]>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const done: Result[] = [];
  let running = 0;
  let listed = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};

  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  const start = (item: Item) => {
    running += 1;
    work(item).then(result => {
      running -= 1;
      done.push(result);
      wake();
    }, fail);
  };
  const readList = async () => {
    for await (const page of list) {
      if (failure) return;
      page.forEach(start);
    }
    listed = true;
    wake();
  };
  readList().catch(fail);

  try {
    for (;;) {
      if (failure) throw failure.error;
      yield* done.splice(0);
      if (done.length > 0 || failure) continue;
      if (listed && running === 0) return;
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  } finally {
    failure ??= { error: undefined };
  }
}

/** All pages as one list; `onPage` hears how many there are so far. */
export async function collect<Item>(
  list: AsyncIterable<readonly Item[]>,
  onPage: (sofar: number) => void = () => {},
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const page of list) {
    for (const item of page) all.push(item);
    onPage(all.length);
  }
  return all;
}
