import { Box, Text } from 'ink';
import { Button } from '../../components/buttons.tsx';
import { FieldText } from '../../components/field-text.tsx';
import { FrameBox } from '../../components/frame-box.tsx';
import { useApp, useRevision, useUi } from '../../hooks/use-app.ts';
import { type FieldId, type Form, fieldLabels, formFields, hasChoices, isFixed } from '../../state/form.ts';
import { choicesFor, formFacts, resolvedRole } from '../../state/form-facts.ts';
import { firstError, type Verdict, validate } from '../../state/form-validation.ts';
import { type Layout, layoutOf } from '../../state/layout.ts';
import { levelRole, levelSign } from '../../text/health.ts';
import { cut } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { Choices } from './choices.tsx';

const labelWidth = 19;

const placeholders: Readonly<Record<FieldId, string>> = {
  cluster: '(choose)',
  namespace: '(choose or type)',
  serviceAccount: '(choose or type)',
  role: '(choose, or a name or ARN)',
  targetRole: '(none)',
  sessionTags: '',
  policy: '(none)',
  tags: '(none)',
};

type RowProps = { readonly form: Form; readonly field: FieldId; readonly verdict: Verdict; readonly width: number };

/** One field: its label, its value, and beside it what is to be said about it. */
function FieldRow({ form, field, verdict, width }: RowProps) {
  const theme = useTheme();
  const focused = form.focus === field;
  const valueWidth = Math.max(16, Math.floor((width - labelWidth) * 0.46));
  const noteWidth = Math.max(8, width - labelWidth - valueWidth - 1);
  const sign = verdict.level === 'info' ? ' ' : verdict.level === 'pending' ? '○' : levelSign[verdict.level];
  return (
    <Box>
      <Text {...(focused ? theme.roles.title : theme.roles.dim)}>
        {` ${fieldLabels[field].padEnd(labelWidth - 4)} ${focused ? '>' : ' '} `}
      </Text>
      <Box width={valueWidth}>
        {field === 'sessionTags' ? (
          <Text bold={focused}>{form.sessionTags ? '(o) on   ( ) off' : '( ) on   (o) off'}</Text>
        ) : (
          <FieldText
            field={form.text[field]}
            focused={focused && !isFixed(form, field)}
            width={valueWidth - 3}
            placeholder={placeholders[field]}
          />
        )}
        {hasChoices(field) && !isFixed(form, field) && <Text {...theme.roles.dim}> ▾</Text>}
      </Box>
      <Text wrap="truncate-end" {...theme.roles[levelRole[verdict.level]]}>
        {cut(`${sign} ${clean(verdict.text)}`, noteWidth)}
      </Text>
    </Box>
  );
}

/** Fields that fit when there is little room: those around the focus. */
function visibleFields(form: Form, layout: Layout, choices: number): readonly FieldId[] {
  const room = Math.max(1, layout.body - 4 - choices);
  if (room >= formFields.length) return formFields;
  const at = Math.max(0, (formFields as readonly string[]).indexOf(form.focus));
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), formFields.length - room));
  return formFields.slice(top, top + room);
}

/** A new association, or a change to one. Nothing is sent from here. */
export function FormScreen() {
  const app = useApp();
  const theme = useTheme();
  useRevision();
  const form = useUi(state => state.form);
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  const layout = layoutOf(columns, rows);
  if (!form) return null;
  const facts = formFacts(app.model, form);
  const verdicts = validate(form, facts);
  const choices = form.choice === undefined ? [] : choicesFor(form, facts, form.focus);
  const limit = Math.min(6, Math.max(2, layout.body - 8));
  const fields = visibleFields(form, layout, Math.min(choices.length, limit));
  const airy = layout.mode === 'full';
  const arn = layout.mode === 'list' ? undefined : resolvedRole(form.text.role.value, facts);
  const wrong = firstError(verdicts);
  const subject =
    form.mode === 'update' ? ` ${clean(form.text.namespace.value)}/${clean(form.text.serviceAccount.value)}` : '';
  return (
    <FrameBox
      columns={columns}
      body={layout.body}
      title={[
        { text: form.mode === 'update' ? 'change association' : 'new association', role: 'title' },
        { text: subject, role: 'text' },
      ]}
      position="nothing is sent from here; the draft is kept"
    >
      {layout.mode === 'full' && <Text> </Text>}
      {fields.map(field => (
        <Box key={field} flexDirection="column">
          <FieldRow form={form} field={field} verdict={verdicts[field]} width={layout.width - 1} />
          {field === 'role' && arn && (
            <Text wrap="truncate-middle" {...theme.roles.dim}>{`${' '.repeat(labelWidth)}${clean(arn)}`}</Text>
          )}
          {form.focus === field && form.choice !== undefined && (
            <Choices choices={choices} picked={form.choice} limit={limit} width={layout.width - labelWidth - 4} />
          )}
          {airy && (field === 'cluster' || (field === 'role' && !arn)) && <Text> </Text>}
        </Box>
      ))}
      <Text> </Text>
      <Box paddingLeft={labelWidth}>
        <Button label="Cancel" focused={form.focus === 'cancel'} />
        <Text>{'   '}</Text>
        <Button label="Review" focused={form.focus === 'review'} enabled={wrong === undefined} />
        <Text {...theme.roles.dim}>{wrong ? `   ${fieldLabels[wrong].toLowerCase()} first` : '   <ctrl-s>'}</Text>
      </Box>
    </FrameBox>
  );
}
