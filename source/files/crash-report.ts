import { release } from 'node:os';
import { writeCrashReport } from './state-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type CrashFacts = {
  readonly error: unknown;
  /** What was seen and said before, oldest first. */
  readonly lines: readonly {
    readonly at: number;
    readonly level: string;
    readonly source: string;
    readonly text: string;
  }[];
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** Lines of the log that go into a report. */
const mostLines = 200;

/** Things that open doors, wherever they stand: signatures, tokens, access keys (AWS Signature Version 4, STS, EKS tokens). */
const secrets: readonly RegExp[] = [
  /k8s-aws-v1\.[\w-]+/g,
  /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\b(X-Amz-(Signature|Credential|Security-Token)|Signature|Credential|SignedHeaders)=[^\s&,;"']+/gi,
  /\b(A[KS]IA|ABIA|ACCA)[A-Z0-9]{12,}\b/g,
  /("?(aws_?)?(secret_?access_?key|session_?token|password|token)"?\s*[:=]\s*)("[^"]*"|\S+)/gi,
];

const secretNames = /(secret|token|password|access_key)/i;

/** A text without what opens doors: what looks like it, and what the environment holds of it. */
export function withoutSecrets(text: string, environment: Environment = process.env): string {
  const held = Object.entries(environment)
    .filter(([name, value]) => secretNames.test(name) && (value?.length ?? 0) >= 8)
    .map(([, value]) => value ?? '');
  const plain = held.reduce((all, value) => all.replaceAll(value, '[hidden]'), text);
  return secrets.reduce((all, pattern) => all.replaceAll(pattern, '[hidden]'), plain);
}

/** A crash as text for whoever mends it: the error, where, which version, and the last of the log. */
export function crashText({ error, lines, version, at }: CrashFacts, environment: Environment = process.env): string {
  const stack = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  const log = lines
    .slice(-mostLines)
    .map(line => `${new Date(line.at).toISOString()} ${line.level.padEnd(7)} ${line.source} ${line.text}`);
  const parts = [
    `podid-tui ${version} crashed at ${new Date(at).toISOString()}`,
    `node ${process.version}, ${process.platform} ${process.arch} ${release()}`,
    '',
    stack,
    '',
    `the last ${log.length} lines of the log`,
    ...log,
    '',
  ];
  return withoutSecrets(parts.join('\n'), environment);
}

/** Writes a report below a directory. @returns its path; undefined when it could not be written */
export const reportCrash = (directory: string, facts: CrashFacts): string | undefined =>
  writeCrashReport(directory, facts.at, crashText(facts));
