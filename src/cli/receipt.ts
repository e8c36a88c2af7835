import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { branch, leaf } from './command.ts'

import { keepKeys } from './kept-keys.ts'
import type { Screen } from './output.ts'
import { save } from './save.ts'
import { serverLeaf } from './server-command.ts'
import type { ReceiptFiles, Verified } from './verify-receipt.ts'

export function receiptCommand(): Command {
  return branch(
    'receipt',
    'Receipts are signed papers that state what became of every record of a submission.',
    getCommand(),
    verifyCommand(),
  )
}

function getCommand(): Command {
  return serverLeaf<{ readonly tracking: string; readonly file?: string; readonly log?: string | true }>(
    'get <tracking>',
    'Fetches the receipt of a closed submission, and keeps the node’s public keys for verifying it later.',
    [
      ['tributary receipt get 2b-7f3a', 'Into 2b-7f3a.receipt'],
      ['tributary receipt get 2b-7f3a --log', 'With the session log that it proves'],
    ],
    async ({ given, out, client }) => {
      const path = `/v1/submissions/${encodeURIComponent(given.tracking)}`
      const receipt = await client.text(`${path}/receipt`)
      const file = given.file ?? `${given.tracking.replaceAll(/[^\w-]/g, '_')}.receipt`
      await writeFile(file, `${receipt.trim()}\n`, { flag: 'wx' })
      const log = given.log === undefined ? null : await save(client, `${path}/session-log`, given.log)
      const keys = await keepKeys(client)
      out.result({ tracking: given.tracking, receipt: file, log, keys }, (screen) => {
        screen.line(`Receipt: ${file}`)
        if (log !== null) screen.line(`Session log: ${log}`)
        screen.line(
          `\nVerify it, now or in years: tributary receipt verify ${file}${log === null ? '' : ` --log ${log}`}`,
        )
      })
      return 'ok'
    },
    (command) =>
      command
        .option('--file <path>', 'where to write it')
        .option('--log [path]', 'fetch the session log as well'),
  )
}

function verifyCommand(): Command {
  return leaf<ReceiptFiles>(
    'verify <file>',
    'Verifies a receipt without a server: its signature, and, when they are given, that the session log, the ' +
      'document or the proof of one record belong to it. Ends with 1 when anything does not hold.',
    [
      [
        'tributary receipt verify 2b-7f3a.receipt',
        'The signature, with the keys kept by login or receipt get',
      ],
      ['tributary receipt verify 2b-7f3a.receipt --log 2b-7f3a.log.gz', 'Every line of the session log too'],
      [
        'tributary receipt verify r.receipt --keys jwks.json --document stops.csv',
        'Other keys, and the file sent',
      ],
      ['tributary receipt verify 20260302-RIPA-4KQ2_receipt.jws', 'All receipts that an intake sent back'],
      ['tributary receipt verify r.receipt --proof record-17.json', "One record's outcome, without the log"],
    ],
    async ({ given, out }) => {
      const { verifyReceipts } = await import('./verify-receipt.ts')
      const verified = await verifyReceipts(given)
      const valid = verified.every(isValid)
      const receipts = verified.map((one) => ({
        valid: isValid(one),
        checks: one.checks,
        receipt: one.claims,
      }))
      const [only] = receipts
      out.result(receipts.length === 1 && only !== undefined ? only : { valid, receipts }, (screen) => {
        for (const one of verified) showVerified(screen, one)
      })
      return valid ? 'ok' : 'findings'
    },
    (command) =>
      command
        .option(
          '--keys <file>',
          'public keys of the node (JSON Web Key Set); default: those kept on this machine',
        )
        .option('--tracking <number>', 'which receipt of a file that holds several')
        .option('--log <file>', 'session log, compressed or not')
        .option('--document <file>', 'the document that was sent')
        .option('--proof <file>', 'proof of one record (JSON), as the node gives it'),
  )
}

const isValid = ({ checks }: Verified): boolean => checks.every(({ holds }) => holds)

function showVerified(screen: Screen, verified: Verified): void {
  const { claims, checks } = verified
  screen.pairs([
    ['Submission', claims.tracking],
    ['Exchange', claims.exchange],
    ['Partner', claims.partner],
    ['File', claims.document?.fileName ?? ''],
    ['Received', claims.receivedAt],
    ['Records', claims.counts?.received ?? null],
  ])
  screen.line()
  for (const { name, holds, about } of checks)
    screen.line(`${holds ? screen.good('✓') : screen.bad('✗')} ${name.padEnd(10)} ${about}`)
  screen.line(
    isValid(verified)
      ? `\n${screen.good('The receipt is valid.')}`
      : `\n${screen.bad('The receipt is NOT valid.')}`,
  )
}
