import { Box, Text } from 'ink';
import { memo } from 'react';
import type { TableLine } from '../hooks/table-lines.ts';
import { healthWidth } from '../tables/table.ts';
import { cells, cut, pad } from '../text/pad.ts';
import { useRole, useTheme } from '../theme/context.ts';

const ascii = /^[\x20-\x7e]*$/;

/** The text of a row with what the filter found in it underlined. */
function Found({ text, found }: { readonly text: string; readonly found: string }) {
  const parts: { readonly text: string; readonly hit: boolean }[] = [];
  let end = 0;
  for (const range of found.split(',')) {
    const [from = 0, to = 0] = range.split('-').map(Number);
    parts.push({ text: text.slice(end, from), hit: false }, { text: text.slice(from, to), hit: true });
    end = to;
  }
  parts.push({ text: text.slice(end), hit: false });
  return parts.map((part, index) =>
    part.hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its place
      <Text key={index} underline>
        {part.text}
      </Text>
    ) : (
      part.text
    ),
  );
}

/**
 * One row: the cursor and the mark, the padded cells, the health. A row of pure ASCII, which most are, is one `Text`:
 * that is what makes a key press cheap. Where there is a sign outside ASCII, it stands in a `Text` of its own, so that
 * the long one stays quick to measure. The health keeps its own colours under the cursor: what does not change is not
 * written.
 */
const RowLine = memo(function RowLine({ line, width }: { readonly line: TableLine; readonly width: number }) {
  const theme = useTheme();
  const over = line.selected ? theme.selection : {};
  const text = pad(line.text, width);
  const mark = `${line.mark} `;
  if (line.role === 'gone') {
    return (
      <Text wrap="truncate" {...theme.roles.dim}>
        {` ${mark}`}
        <Text {...theme.roles.gone}>{cut(line.text, width)}</Text>
        {pad('', width - cells(line.text))}
        {line.health}
      </Text>
    );
  }
  const shown = line.found === '' ? text : <Found text={text} found={line.found} />;
  if (!line.selected && ascii.test(line.health)) {
    return (
      <Text wrap="truncate" {...theme.roles[line.role]}>
        {` ${mark}`}
        {shown}
        <Text {...theme.roles[line.healthRole]}>{line.health}</Text>
      </Text>
    );
  }
  return (
    <Box>
      {line.selected && <Text {...theme.roles.accent}>▌</Text>}
      <Text wrap="truncate" {...theme.roles[line.role]} {...over}>
        {(line.selected ? '' : ' ') + mark}
        {shown}
      </Text>
      <Text wrap="truncate" {...theme.roles[line.healthRole]}>
        {line.health}
      </Text>
    </Box>
  );
});

const Titles = memo(function Titles({ text }: { readonly text: string }) {
  return (
    <Text wrap="truncate" {...useRole('accent')} bold>
      {text}
    </Text>
  );
});

type Props = { readonly header: string; readonly lines: readonly TableLine[]; readonly width: number };

/** The visible rows of a table under their header. */
export function RowList({ header, lines, width }: Props) {
  const text = width - 3 - healthWidth;
  return (
    <Box flexDirection="column">
      <Titles text={`   ${pad(header, text)}HEALTH`} />
      {lines.map(line => (
        <RowLine key={line.id} line={line} width={text} />
      ))}
    </Box>
  );
}
