import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { SubmissionView } from '../channel/rest/ports.ts'
import type { Client } from './client.ts'
import { asCommandError } from './exits.ts'
import type { Output } from './output.ts'
import { createProgress } from './progress.ts'
import { serverLeaf } from './server-command.ts'
import { exitOf, isSettled, showSubmission, showSubmissions } from './submission-report.ts'

interface Given {
  readonly file: readonly string[]
  readonly exchange: string
  readonly refresh?: boolean
  readonly dryRun?: boolean
  readonly reconcile?: boolean
  readonly wait?: boolean
  readonly realm: string
  readonly partner?: string
  readonly key?: string
}

/** A broken connection is tried again this often, with growing pauses; the idempotency key makes it safe. */
const attemptsMax = 4
const pauseMs = 1000

export function submitCommand(): Command {
  return serverLeaf<Given>(
    'submit <file...>',
    'Sends files to a node, follows them, and shows what became of their records. Each file is one submission; ' +
      'they are sent in the order given. Ends with 1 when any record was rejected or has errors.',
    [
      ['tributary submit stops.csv --exchange ripa', 'Send a file and wait for its outcomes'],
      ['tributary submit stops.csv --exchange ripa --dry-run', 'See what it would do, without doing it'],
      ['tributary submit roster.xml --exchange roster --refresh', 'This file is everything there is'],
      [
        'tributary submit may.zip june.zip --exchange ripa --no-wait',
        'Send and return as soon as they are held',
      ],
    ],
    async ({ given, out, client }) => {
      for (const file of given.file) await stat(file)
      const views: SubmissionView[] = []
      for (const file of given.file) {
        const sent = await sendAgain(client, file, given, out)
        views.push(given.wait === false ? sent : await follow(client, sent, out))
      }
      out.result({ submissions: views }, (screen) => {
        const [only] = views
        if (views.length === 1 && only !== undefined) showSubmission(screen, only)
        else showSubmissions(screen, views)
        for (const view of views) advise(out, view)
      })
      return exitOf(views)
    },
    (command) =>
      command
        .requiredOption('-e, --exchange <name>', 'exchange to which the files belong')
        .option('--refresh', 'the file is everything there is: what it leaves out is deleted')
        .option('--dry-run', 'give outcomes and findings and change nothing')
        .option('--wait', 'wait until the files are processed (the default)')
        .option('--no-wait', 'return as soon as the files are safely held')
        .option('--realm <realm>', 'live or test', 'live')
        .option('--partner <name>', 'the centre only: for whom the files are sent')
        .option('--key <text>', 'idempotency key of one file (default: a new one for each)'),
  )
}

/** Sends a file; where the connection breaks, sends it again under the same key. */
export async function sendAgain(
  client: Client,
  file: string,
  given: Pick<Given, 'exchange' | 'refresh' | 'dryRun' | 'reconcile' | 'realm' | 'partner' | 'key'>,
  out: Output,
): Promise<SubmissionView> {
  const key = given.key ?? randomUUID()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(client, file, key, given, out)
    } catch (error) {
      if (asCommandError(error).exit !== 'unreachable' || attempt === attemptsMax) throw error
      out.note(`${asCommandError(error).message} Trying again.`)
      await sleep(pauseMs * 2 ** attempt)
    }
  }
}

async function send(
  client: Client,
  file: string,
  key: string,
  given: Pick<Given, 'exchange' | 'refresh' | 'dryRun' | 'reconcile' | 'realm' | 'partner'>,
  out: Output,
): Promise<SubmissionView> {
  const { size } = await stat(file)
  const progress = createProgress(`Sending ${basename(file)}`, 'bytes')
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let sent = 0
    for await (const chunk of createReadStream(file)) {
      yield chunk as Buffer
      sent += (chunk as Buffer).length
      if (!out.json) progress.update(sent, size)
    }
  }
  try {
    return await client.upload<SubmissionView>(
      `/v1/exchanges/${encodeURIComponent(given.exchange)}/submissions`,
      {
        scope: given.refresh ? 'refresh' : 'incremental',
        dryRun: given.dryRun === true,
        ...(given.reconcile === true ? { reconcile: true } : {}),
        realm: given.realm,
        partner: given.partner,
      },
      bytes(),
      {
        'content-type': 'application/octet-stream',
        'x-file-name': encodeURIComponent(basename(file)),
        'idempotency-key': key,
      },
    )
  } finally {
    progress.end()
  }
}

/** Follows a submission until nothing more happens to it by itself. */
export async function follow(client: Client, sent: SubmissionView, out: Output): Promise<SubmissionView> {
  const path = `/v1/submissions/${encodeURIComponent(sent.tracking)}`
  const progress = createProgress(`Processing ${sent.fileName}`, 'records')
  let view = sent
  let broken = 0
  try {
    while (!isSettled(view)) {
      try {
        for await (const { data } of client.events<SubmissionView>(`${path}/events`)) {
          view = data
          broken = 0
          const { records, share } = view.progress
          if (!out.json) progress.update(records, share === null || share === 0 ? null : records / share)
          if (isSettled(view)) break
        }
      } catch (error) {
        broken += 1
        if (asCommandError(error).exit !== 'unreachable' || broken === attemptsMax) throw error
      }
      if (isSettled(view)) break
      await sleep(pauseMs * 2 ** broken)
      view = await client.get<SubmissionView>(path)
    }
  } finally {
    progress.end()
  }
  return client.get<SubmissionView>(path)
}

/** Where to look next. */
function advise(out: Output, { tracking, state, counts }: SubmissionView): void {
  const { screen } = out
  if (state === 'held')
    screen.line(`\nIt is held until a person decides. What it would do: tributary status ${tracking}`)
  if (counts.rejected > 0 || counts.withErrors > 0)
    screen.line(`\nWhat is wrong, and the file to correct: tributary errors ${tracking} --file`)
}
