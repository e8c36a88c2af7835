import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { TreeEntry } from '../channel/rest/ports-bulk.ts'
import { withQuery } from './client.ts'
import { branch } from './command.ts'
import { createProgress } from './progress.ts'
import { save } from './save.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'
import { serverCommand } from './sftp-server.ts'

export function sftpCommand(): Command {
  return branch(
    'sftp',
    "The file server, seen through the API: how to connect, and a partner's folders, for operators and for the " +
      'partner itself. What is done here stands in the transfer log too.',
    serverCommand(),
    lsCommand(),
    getCommand(),
    putCommand(),
    rmCommand(),
  )
}

interface Where {
  readonly partner: string
  readonly path: string
}

function pathOf(partner: string, rest = ''): string {
  return `/v1/partners/${encodeURIComponent(partner)}/files${rest}`
}

/** Paths begin at the top of the partner's tree, with or without the slash. */
function contentOf({ partner, path }: Where): string {
  return withQuery(pathOf(partner, '/content'), { path: fromTop(path) })
}

function fromTop(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

function lsCommand(): Command {
  return serverLeaf<{ readonly partner: string; readonly path?: string; readonly limit: number }>(
    'ls <partner> [path]',
    'Lists a folder of a partner, the top one when none is named.',
    [
      ['tributary sftp ls alder-pd', 'The folders it has'],
      ['tributary sftp ls alder-pd PROD/OUTPUT', 'What it has not fetched yet'],
    ],
    async ({ given, out, client }) => {
      const { partner, limit } = given
      const path = fromTop(given.path ?? '/')
      const items: TreeEntry[] = []
      for await (const entry of client.list<TreeEntry>(pathOf(partner), { path }, limit)) items.push(entry)
      out.result({ partner, path, items }, (screen) => {
        if (items.length === 0) screen.line('Nothing is in it.')
        else
          screen.table(
            [{ title: 'Bytes', align: 'right' }, { title: 'Changed' }, { title: 'Name' }],
            items.map(({ name, kind, bytes, modifiedAt, incomplete }) => [
              bytes,
              modifiedAt,
              `${name}${kind === 'folder' ? '/' : ''}${incomplete ? ' (incomplete)' : ''}`,
            ]),
          )
        if (items.length === limit) screen.line('\nThere may be more: --limit')
      })
      return 'ok'
    },
    (command) => command.option('--limit <number>', 'how many at most', atLeastOne, 1000),
  )
}

function getCommand(): Command {
  return serverLeaf<Where & { readonly to?: string }>(
    'get <partner> <path>',
    "Fetches a file from a partner's folder. It is there in full or not at all.",
    [
      ['tributary sftp get alder-pd PROD/OUTPUT/20260302040000-RIPA-4KQ2MVXW_log.csv', 'Under its own name'],
      ['tributary sftp get alder-pd PROD/ARCHIVE/stops.csv --to original.csv', 'Under another'],
    ],
    async ({ given, out, client }) => {
      const target = given.to ?? basename(given.path)
      const file = await save(client, contentOf(given), target, out.json)
      const { size } = await stat(file)
      out.result({ ...where(given), file, bytes: size }, (screen) =>
        screen.line(`Fetched ${given.path} to ${file} (${size.toLocaleString('en-US')} bytes).`),
      )
      return 'ok'
    },
    (command) => command.option('--to <file>', 'where to write it (default: its name, in this folder)'),
  )
}

function putCommand(): Command {
  return serverLeaf<Where & { readonly file: string }>(
    'put <partner> <path> <file>',
    "Puts a file into a partner's input folder, whole or not at all; it is picked up like one that the partner sent. For " +
      'operators of the centre.',
    [
      [
        'tributary sftp put alder-pd PROD/INPUT/20260302040000_CA0990100.csv stops.csv',
        'Under a name that fits the exchange',
      ],
    ],
    async ({ given, out, client }) => {
      const { size } = await stat(given.file)
      const progress = createProgress(`Putting ${basename(given.file)}`, 'bytes')
      async function* bytes(): AsyncGenerator<Uint8Array> {
        let sent = 0
        for await (const chunk of createReadStream(given.file)) {
          yield chunk as Buffer
          sent += (chunk as Buffer).length
          if (!out.json) progress.update(sent, size)
        }
      }
      const headers = { 'content-type': 'application/octet-stream' }
      const entry = await client
        .upload<TreeEntry>(contentOf(given), {}, bytes(), headers, 'PUT')
        .finally(() => progress.end())
      out.result({ ...where(given), ...entry }, (screen) =>
        screen.line(`Put ${given.file} into ${given.path} (${size.toLocaleString('en-US')} bytes).`),
      )
      return 'ok'
    },
  )
}

function rmCommand(): Command {
  return serverLeaf<Where>(
    'rm <partner> <path>',
    "Removes a file from a partner's input or output folder. For operators of the centre.",
    [
      [
        'tributary sftp rm alder-pd PROD/INPUT/wrong-name.txt',
        'Before it is picked up, or when it never will be',
      ],
    ],
    async ({ given, out, client }) => {
      await client.send('DELETE', contentOf(given))
      out.result({ ...where(given), removed: true }, (screen) => screen.line(`Removed ${given.path}.`))
      return 'ok'
    },
  )
}

function where({ partner, path }: Where): Where {
  return { partner, path: fromTop(path) }
}
