import type { Command } from 'commander'
import type { IntakeFile } from '../store/intake-files.ts'
import { serverLeaf } from './server-command.ts'

interface Given {
  readonly file: string
  readonly reason?: string
}

interface Decision {
  readonly verb: string
  readonly about: string
  readonly line: readonly [line: string, about: string]
  readonly done: (file: IntakeFile) => string
}

const DECISIONS: readonly Decision[] = [
  {
    verb: 'rerun',
    about:
      'Has the original of a file picked up once more: it is put back from the archive into its input folder. ' +
      'What it says is done again, so use it after the cause of an error was put right.',
    line: [
      'tributary intake rerun 0198f2c1-45eb-76cf-93e5-46c80eb614c8',
      'By its id, as tributary intake files shows it',
    ],
    done: ({ folder, name }) => `${name} lies in ${folder} again.`,
  },
  {
    verb: 'hold',
    about: 'Keeps a file that was taken from going on, while its intake still gathers.',
    line: [
      'tributary intake hold 0198f2c1-45eb-76cf-93e5-46c80eb614c8 --reason "The agency called."',
      'Until somebody decides',
    ],
    done: ({ name }) => `${name} is held.`,
  },
  {
    verb: 'release',
    about: 'Lets a held file go on, also without the checksum that it waits for.',
    line: ['tributary intake release 0198f2c1-45eb-76cf-93e5-46c80eb614c8', 'It is processed'],
    done: ({ name }) => `${name} goes on.`,
  },
  {
    verb: 'discard',
    about: 'Ends a held file: nothing of it is processed; it is reported and archived.',
    line: [
      'tributary intake discard 0198f2c1-45eb-76cf-93e5-46c80eb614c8 --reason "Sent by mistake."',
      'It is not processed',
    ],
    done: ({ name }) => `${name} is discarded.`,
  },
]

/** What a person may say about one file of an intake. */
export function decideCommand(): readonly Command[] {
  return DECISIONS.map(({ verb, about, line, done }) =>
    serverLeaf<Given>(
      `${verb} <file>`,
      about,
      [line],
      async ({ given, out, client }) => {
        const { reason } = given
        const path = `/v1/intake-files/${encodeURIComponent(given.file)}/${verb}`
        const file = await client.send<IntakeFile>('POST', path, reason === undefined ? {} : { reason })
        out.result(file, (screen) => screen.line(done(file)))
        return 'ok'
      },
      (command) => command.option('--reason <text>', 'why; it is kept with the file and in the audit log'),
    ),
  )
}
