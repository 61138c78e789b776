const newline = 0x0a;

/** No event of a watch is larger: etcd refuses objects of more than a few megabytes. */
const lineBytes = 64 * 1024 * 1024;

/**
 * The lines of a byte stream, without their ends, decoded as UTF-8 only once they are whole; empty lines are left out.
 * Text after the last newline comes as a last line. Copies each byte once, however many chunks a line arrives in.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let size = 0;
  const whole = () => {
    const line = Buffer.concat(pieces, size).toString('utf8').trim();
    pieces = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      pieces.push(chunk.subarray(start, end));
      size += end - start;
      start = end + 1;
      const line = whole();
      if (line !== '') yield line;
    }
    pieces.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > lineBytes) throw new RangeError(`A line is longer than ${lineBytes >> 20} MB.`);
  }
  const last = whole();
  if (last !== '') yield last;
}
