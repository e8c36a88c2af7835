import type { SourceSpec } from '../source/source.ts'

/** What `tributary agent init` has asked, ready to be written. Secrets stand in files beside it. */
export interface Answers {
  readonly url: string
  readonly clientId: string
  readonly secretFile: string
  readonly ca: string | null
  readonly proxy: string | null
  readonly keyFile: string
  readonly state: string
  readonly source: { readonly name: string; readonly spec: SourceSpec; readonly passwordFile: string | null }
  readonly batches: readonly AnsweredBatch[]
}

export interface AnsweredBatch {
  readonly exchange: string
  readonly views: readonly AnsweredView[]
}

export interface AnsweredView {
  readonly type: string
  readonly view: string
  /** Columns that are no fields by their own names. */
  readonly unknown: readonly string[]
  readonly changes: 'snapshot' | 'all'
}

/** The agent's file as text, with remarks for whoever opens it next. */
export function configText(answers: Answers): string {
  const { url, clientId, secretFile, ca, proxy, keyFile, state, source, batches } = answers
  return `# The Tributary agent of this machine. After a change: tributary agent check
# yaml-language-server: $schema=./agent.schema.json

node:
  url: ${scalar(url)}
  client_id: ${scalar(clientId)}
  client_secret: { file: ${scalar(secretFile)} }${ca === null ? '' : `\n  ca: ${scalar(ca)}`}${proxy === null ? '' : `\n  proxy: ${scalar(proxy)}`}

# Temporary files, logs, what was sent before.
state: ${scalar(state)}
# Encrypts temporary files.
key: { file: ${scalar(keyFile)} }

poll:
  seconds: 15

sources:
  ${scalar(source.name)}:
${sourceLines(source)
  .map((line) => `    ${line}`)
  .join('\n')}
    limits:
      # No faster than this, so that the database keeps its breath. 0: as fast as it goes.
      rows_per_second: 0

batches:
${batches
  .flatMap((batch) => batchLines(batch, source.name))
  .map((line) => `  ${line}`)
  .join('\n')}
`
}

function sourceLines({ spec, passwordFile }: Answers['source']): readonly string[] {
  if (spec.driver === 'sqlite') return ['driver: sqlite', `path: ${scalar(spec.path)}`]
  if (spec.driver === 'files')
    return ['driver: files', `path: ${scalar(spec.folder)}`, `delimiter: ${JSON.stringify(spec.delimiter)}`]
  return [
    `driver: ${spec.driver}`,
    `host: ${scalar(spec.host)}`,
    ...(spec.port === 0 ? [] : [`port: ${spec.port}`]),
    `database: ${scalar(spec.database)}`,
    `user: ${scalar(spec.user)}`,
    `password: { file: ${scalar(passwordFile ?? '')} }`,
    `tls: ${spec.tls}`,
  ]
}

function batchLines({ exchange, views }: AnsweredBatch, source: string): readonly string[] {
  const head = [`- exchange: ${scalar(exchange)}`, `  source: ${scalar(source)}`]
  const [only] = views
  if (views.length === 1 && only !== undefined)
    return [...head, ...viewLines(only).map((line) => `  ${line}`)]
  const lists = views.flatMap((view) => [
    `    - type: ${scalar(view.type)}`,
    ...viewLines(view).map((line) => `      ${line}`),
  ])
  return [...head, '  views:', ...lists]
}

function viewLines({ view, unknown, changes }: AnsweredView): readonly string[] {
  return [
    `view: ${scalar(view)}`,
    ...(unknown.length === 0
      ? []
      : [
          '# These columns are no fields of the exchange by their own names. Write the field behind the colon, or',
          '# nothing to leave the column out.',
          'columns:',
          ...unknown.map((column) => `  ${scalar(column)}:`),
        ]),
    ...(changes === 'snapshot'
      ? [
          '# A hash of each record is kept here, so that only what changed is sent, deletions too.',
          'changes: { by: snapshot }',
        ]
      : []),
  ]
}

/** A text as YAML: plain where that cannot be misread. */
function scalar(text: string): string {
  return /^[A-Za-z_/][\w./:@-]*$/.test(text) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(text) &&
    !text.endsWith(':')
    ? text
    : JSON.stringify(text)
}
