import { type Command, Option } from 'commander'
import type { GivenSettings, ShownSettings } from '../store/place-settings.ts'
import type { Place } from '../store/places.ts'
import { createAsk } from './ask.ts'
import type { Client } from './client.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import { serverLeaf } from './server-command.ts'

export function placeCommand(): Command {
  return branch(
    'place',
    'Places are folders and buckets outside the file server in which the files of a partner lie.',
    addCommand(),
    listCommand(),
    activeCommand('stop', 'Takes no new files from a place; those already taken are processed to their end.'),
    activeCommand('resume', 'Takes files from a stopped place again.'),
    removeCommand(),
  )
}

function pathOf(place: string): string {
  return `/v1/places/${encodeURIComponent(place)}`
}

interface NewPlace {
  readonly place: string
  readonly partner: string
  readonly path?: string
  readonly endpoint?: string
  readonly region?: string
  readonly bucket?: string
  readonly prefix?: string
  readonly style?: string
  readonly accessKeyId?: string
}

function addCommand(): Command {
  return serverLeaf<NewPlace>(
    'add <place>',
    "Makes a place or changes it: a folder of the node's machine (--path), or an S3-compatible bucket (--endpoint, " +
      '--bucket). The secret of a bucket is asked for, or read from TRIBUTARY_PLACE_SECRET, or from standard input; an ' +
      'empty answer leaves the one kept before.',
    [
      ['tributary place add alder-mft --partner alder-pd --path /mnt/alder', 'A mounted folder'],
      [
        'tributary place add birch-s3 --partner birch-so --endpoint https://s3.us-west-1.amazonaws.com \\\n' +
          '    --region us-west-1 --bucket deliveries --prefix birch --access-key-id AKIAEXAMPLE',
        'A bucket; its secret is asked for',
      ],
    ],
    async ({ given, out, client }) => {
      const { place: name, partner } = given
      const settings = await settingsOf(given)
      const place = await client.send<Place>('PUT', pathOf(name), { partner, settings })
      out.result(place, (screen) => {
        screen.line(`Files of ${partner} are taken from ${whereOf(place.settings)}.`)
        screen.line('\nWas it reached? tributary place list')
      })
      return 'ok'
    },
    (command) =>
      command
        .requiredOption('--partner <name>', 'whose files lie there')
        .addOption(
          new Option('--path <folder>', 'absolute path of a folder').conflicts(['endpoint', 'bucket']),
        )
        .option('--endpoint <address>', 'address of the service that has the bucket')
        .option('--region <name>', 'region of the bucket (default: us-east-1)')
        .option('--bucket <name>', 'its name')
        .option('--prefix <path>', 'where the tree begins in it (default: at its top)')
        .addOption(
          new Option('--style <style>', 'where the bucket is named in addresses').choices([
            'path',
            'virtual',
          ]),
        )
        .option('--access-key-id <id>', 'of a user that may read and write there'),
  )
}

async function settingsOf(given: NewPlace): Promise<GivenSettings> {
  const { path, endpoint, region, bucket, prefix, style, accessKeyId } = given
  if (path !== undefined) return { kind: 'folder', path }
  if (endpoint === undefined || bucket === undefined || accessKeyId === undefined)
    throw new CommandError(
      'usage',
      'A place is a folder or a bucket.',
      'Give --path, or --endpoint, --bucket and --access-key-id.',
    )
  const secret = process.env.TRIBUTARY_PLACE_SECRET ?? (await askSecret())
  const secretAccessKey = secret === '' ? {} : { secretAccessKey: secret }
  return { kind: 's3', endpoint, region, bucket, prefix, style, accessKeyId, ...secretAccessKey }
}

async function askSecret(): Promise<string> {
  const ask = createAsk()
  return ask.secret('Secret access key: ').finally(() => ask.close())
}

function whereOf(settings: ShownSettings): string {
  if (settings.kind === 'folder') return settings.path
  return [settings.endpoint, settings.bucket, settings.prefix].filter(Boolean).join('/')
}

async function placesOf(client: Client, partner?: string): Promise<readonly Place[]> {
  return (await client.get<{ items: readonly Place[] }>('/v1/places', { partner })).items
}

function listCommand(): Command {
  return serverLeaf<{ readonly partner?: string }>(
    'list',
    'Lists places, when each was last looked at, and what went wrong. Ends with 1 when one cannot be reached.',
    [['tributary place list --partner alder-pd', 'Those of one partner']],
    async ({ given, out, client }) => {
      const items = await placesOf(client, given.partner)
      out.result({ items }, (screen) =>
        screen.table(
          ['Place', 'Partner', 'Where', 'In use', 'Looked at', 'Error'].map((title) => ({ title })),
          items.map(({ place, partner, settings, active, seenAt, lastError }) => [
            place,
            partner,
            whereOf(settings),
            active ? 'yes' : 'stopped',
            seenAt,
            lastError,
          ]),
        ),
      )
      return items.some(({ active, lastError }) => active && lastError !== null) ? 'findings' : 'ok'
    },
    (command) => command.option('--partner <name>', 'only places of this partner'),
  )
}

function activeCommand(name: 'stop' | 'resume', about: string): Command {
  return serverLeaf<{ readonly place: string }>(
    `${name} <place>`,
    about,
    [
      [
        `tributary place ${name} alder-mft`,
        name === 'stop' ? 'While its server is moved' : 'When it is back',
      ],
    ],
    async ({ given, out, client }) => {
      const found = (await placesOf(client)).find(({ place }) => place === given.place)
      if (found === undefined) throw new CommandError('missing', `There is no place ${given.place}.`)
      const { partner, settings } = found
      const active = name === 'resume'
      const place = await client.send<Place>('PUT', pathOf(given.place), { partner, settings, active })
      out.result(place, (screen) =>
        screen.line(active ? `Files are taken from ${given.place} again.` : `${given.place} is stopped.`),
      )
      return 'ok'
    },
  )
}

function removeCommand(): Command {
  return serverLeaf<{ readonly place: string }>(
    'remove <place>',
    'Removes a place, not its files. While files of it are in work it can only be stopped.',
    [['tributary place remove alder-mft', 'The partner has moved to the file server']],
    async ({ given, out, client }) => {
      await client.send('DELETE', pathOf(given.place))
      out.result({ place: given.place, removed: true }, (screen) => screen.line(`Removed ${given.place}.`))
      return 'ok'
    },
  )
}
