import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { AuditVerdict, SealedPart } from '../identity/audit.ts'
import { branch, leaf } from './command.ts'
import type { Output } from './output.ts'

type PublicKeys = readonly Readonly<Record<string, unknown>>[]

export function auditCommand(): Command {
  return branch(
    'audit',
    'The audit log says who did what and when; seals bind its lines, so that none can be changed in silence.',
    verifyCommand(),
    exportCommand(),
  )
}

function verifyCommand(): Command {
  return leaf<{ readonly file?: string; readonly keys?: string; readonly head?: string }>(
    'verify',
    'Verifies the audit log of this node, or an exported one without any node. Names the first line or seal that is ' +
      'not as it was sealed, and ends with 1 then.',
    [
      ['tributary audit verify', "This node's log (the embedded one: while the node is stopped)"],
      ['tributary audit verify --file audit.ndjson --keys keys.json', 'An exported log, anywhere'],
      ['tributary audit verify --head 3f5a…', 'Also: is it cut short of the head noted then?'],
    ],
    async ({ given, out }) => {
      const { verifyParts } = await import('../identity/audit.ts')
      const head = given.head ?? null
      const verdict =
        given.file === undefined
          ? await verifyHere(head)
          : await verifyParts(partsOfFile(given.file), await keysOf(given.file, given.keys), head)
      tell(out, verdict)
      return verdict.ok ? 'ok' : 'findings'
    },
    (command) =>
      command
        .option('--file <path>', 'an exported log instead of the database')
        .option('--keys <path>', 'published keys (/.well-known/jwks.json); default: those in the export')
        .option('--head <hash>', 'head of the log as noted earlier'),
  )
}

function exportCommand(): Command {
  return leaf(
    'export',
    'Writes the sealed audit log to standard output, one seal a line with its lines, after a line with the public keys.',
    [['tributary audit export > audit.ndjson', 'Keep a copy elsewhere']],
    async () => {
      const { sealedParts } = await import('../identity/audit.ts')
      const { db, keys, close } = await openHere()
      try {
        process.stdout.write(`${JSON.stringify(await keys())}\n`)
        for await (const part of sealedParts(db)) process.stdout.write(`${JSON.stringify(part)}\n`)
      } finally {
        await close()
      }
      return 'ok'
    },
  )
}

/** The database of this node and the keys it publishes. */
async function openHere() {
  const { createKeys } = await import('../identity/keys.ts')
  const { readConfig } = await import('../node/config.ts')
  const { openNodeDatabase } = await import('../node/node-database.ts')
  const { db, close } = await openNodeDatabase(readConfig(process.env))
  return { db, close, keys: () => createKeys(db, Date.now).publicKeys() }
}

async function verifyHere(head: string | null): Promise<AuditVerdict> {
  const { verifyAudit } = await import('../identity/audit.ts')
  const { db, keys, close } = await openHere()
  try {
    return await verifyAudit(db, (await keys()).keys, head)
  } finally {
    await close()
  }
}

async function keysOf(file: string, keys: string | undefined): Promise<PublicKeys> {
  if (keys !== undefined) return (JSON.parse(await readFile(keys, 'utf8')) as { keys: PublicKeys }).keys
  for await (const line of createInterface({ input: createReadStream(file) }))
    return (JSON.parse(line) as { keys: PublicKeys }).keys
  return []
}

async function* partsOfFile(file: string): AsyncGenerator<SealedPart> {
  let first = true
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!first) yield JSON.parse(line) as SealedPart
    first = false
  }
}

function tell(out: Output, verdict: AuditVerdict): void {
  out.result(verdict, (screen) => {
    screen.line(
      verdict.ok
        ? screen.good('The audit log is as it was sealed.')
        : screen.bad('The audit log was changed.'),
    )
    screen.pairs([
      ['seals', verdict.seals],
      ['entries', verdict.entries],
      ['not yet sealed', verdict.unsealed],
      ['head', verdict.head],
      ...(verdict.bad === null
        ? []
        : ([
            ['seal', verdict.bad.seal],
            ['entry', verdict.bad.entry],
            ['reason', verdict.bad.reason],
          ] as const)),
    ])
  })
}
