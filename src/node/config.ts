import { Fault } from '../fault/fault.ts'
import { MAIL_TLS, type MailTls, smtpSettings } from '../outbound/smtp-settings.ts'

interface Setting<T> {
  readonly env: string
  readonly fallback: T
  readonly secret?: boolean
  readonly about: string
  readonly parse: (text: string) => T
}

const text = (value: string): string => value
const optional = (value: string): string | null => (value === '' ? null : value)

function wholeNumber(value: string): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw new Error('a whole number')
  return number
}

function portOrOff(value: string): number | null {
  return value === 'off' ? null : wholeNumber(value)
}

function yesNo(value: string): boolean {
  if (!/^(yes|no|true|false)$/i.test(value)) throw new Error('yes or no')
  return /^(yes|true)$/i.test(value)
}

function logLevel(value: string): string {
  if (!/^(fatal|error|warn|info|debug|trace|silent)$/.test(value))
    throw new Error('fatal, error, warn, info, debug, trace or silent')
  return value
}

function mailTls(value: string): MailTls {
  const found = MAIL_TLS.find((one) => one === value)
  if (found === undefined) throw new Error('required, opportunistic or off')
  return found
}

const none: string | null = null
const off: number | null = null
const requiredTls: MailTls = 'required'

/** Every setting of a node: where it comes from, its default, and what it is for. */
export const SETTINGS = {
  databaseUrl: {
    env: 'DATABASE_URL',
    fallback: none,
    secret: true,
    about:
      'PostgreSQL server (postgres://…). Empty: the embedded database in the data folder, which does not survive a power cut.',
    parse: optional,
  },
  dataFolder: {
    env: 'TRIBUTARY_DATA',
    fallback: './data',
    about: 'Folder for documents and the embedded database.',
    parse: text,
  },
  exchangesFolder: {
    env: 'TRIBUTARY_EXCHANGES',
    fallback: none,
    about: 'Folder of exchange definitions, one folder each. Empty: those that come with Tributary.',
    parse: optional,
  },
  host: { env: 'TRIBUTARY_HOST', fallback: '127.0.0.1', about: 'Address to listen on.', parse: text },
  port: {
    env: 'TRIBUTARY_PORT',
    fallback: 8080,
    about: 'Port to listen on; 0 takes any free one.',
    parse: wholeNumber,
  },
  tlsCertificate: {
    env: 'TRIBUTARY_TLS_CERT',
    fallback: none,
    about: 'Certificate file (PEM, with its chain); read again when it changes.',
    parse: optional,
  },
  tlsKey: { env: 'TRIBUTARY_TLS_KEY', fallback: none, about: 'Private key file (PEM).', parse: optional },
  tlsClientCa: {
    env: 'TRIBUTARY_TLS_CLIENT_CA',
    fallback: none,
    about: 'Authorities whose client certificates are accepted (PEM). Empty: no client certificates.',
    parse: optional,
  },
  behindProxy: {
    env: 'TRIBUTARY_BEHIND_PROXY',
    fallback: false,
    about: 'A proxy in front ends TLS, so plain HTTP is served on a public address.',
    parse: yesNo,
  },
  publicUrl: {
    env: 'TRIBUTARY_PUBLIC_URL',
    fallback: none,
    about: 'Address by which clients reach the node, for links and tokens. Empty: as listened on.',
    parse: optional,
  },
  bodyBytesMax: {
    env: 'TRIBUTARY_BODY_BYTES_MAX',
    fallback: 1024 * 1024,
    about: 'Largest single-record request.',
    parse: wholeNumber,
  },
  documentBytesMax: {
    env: 'TRIBUTARY_DOCUMENT_BYTES_MAX',
    fallback: 8 * 1024 ** 3,
    about: 'Largest document.',
    parse: wholeNumber,
  },
  lanes: {
    env: 'TRIBUTARY_LANES',
    fallback: 2,
    about: 'Submissions processed at the same time (never two of one book).',
    parse: wholeNumber,
  },
  leaseSeconds: {
    env: 'TRIBUTARY_LEASE_SECONDS',
    fallback: 30,
    about: 'After this long without a sign of life, another process takes the work over.',
    parse: wholeNumber,
  },
  agentLeaseSeconds: {
    env: 'TRIBUTARY_AGENT_LEASE_SECONDS',
    fallback: 120,
    about: 'After this long without a word from its agent, an attempt of a job has timed out.',
    parse: wholeNumber,
  },
  loadedTasks: {
    env: 'TRIBUTARY_LOADED_TASKS',
    fallback: 8,
    about:
      'With so many submissions waiting or being processed the node is loaded: jobs that partners start wait.',
    parse: wholeNumber,
  },
  loadedAttempts: {
    env: 'TRIBUTARY_LOADED_ATTEMPTS',
    fallback: 32,
    about: 'With so many attempts of jobs under way the node is loaded: jobs that partners start wait.',
    parse: wholeNumber,
  },
  scanSeconds: {
    env: 'TRIBUTARY_SCAN_SECONDS',
    fallback: 2,
    about: 'Pause between two looks at the folders that files are picked up from.',
    parse: wholeNumber,
  },
  tokenMinutes: {
    env: 'TRIBUTARY_TOKEN_MINUTES',
    fallback: 15,
    about: 'Life of an access token.',
    parse: wholeNumber,
  },
  sessionIdleMinutes: {
    env: 'TRIBUTARY_SESSION_IDLE_MINUTES',
    fallback: 30,
    about: 'A person who does nothing in the console for so long must sign in again.',
    parse: wholeNumber,
  },
  sessionHours: {
    env: 'TRIBUTARY_SESSION_HOURS',
    fallback: 12,
    about: 'So long after signing in to the console a person must sign in again in any case.',
    parse: wholeNumber,
  },
  databaseConnections: {
    env: 'TRIBUTARY_DATABASE_CONNECTIONS',
    fallback: 10,
    about: 'Connections to the PostgreSQL server.',
    parse: wholeNumber,
  },
  mailUrl: {
    env: 'TRIBUTARY_MAIL_URL',
    fallback: none,
    secret: true,
    about:
      'Mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Empty: mails wait in the queue.',
    parse: optional,
  },
  mailFrom: {
    env: 'TRIBUTARY_MAIL_FROM',
    fallback: none,
    about: 'Sender of mails: an address, or Name <address>.',
    parse: optional,
  },
  mailTls: {
    env: 'TRIBUTARY_MAIL_TLS',
    fallback: requiredTls,
    about:
      'required: TLS with a trusted certificate. opportunistic: STARTTLS when offered, whatever the certificate. off: for a mail server on this machine.',
    parse: mailTls,
  },
  mailCa: {
    env: 'TRIBUTARY_MAIL_CA',
    fallback: none,
    about:
      'Authorities (PEM) that the certificate of the mail server is checked against. Empty: those that come with Node.',
    parse: optional,
  },
  sftpPort: {
    env: 'TRIBUTARY_SFTP_PORT',
    fallback: off,
    about: 'Port of the file server (SFTP), for example 2222; 0 takes any free one. Empty or off: none.',
    parse: portOrOff,
  },
  sftpHost: {
    env: 'TRIBUTARY_SFTP_HOST',
    fallback: '0.0.0.0',
    about: 'Address on which the file server listens.',
    parse: text,
  },
  sftpQuotaBytes: {
    env: 'TRIBUTARY_SFTP_QUOTA_BYTES',
    fallback: 20 * 1024 ** 3,
    about: "Bytes that a partner's input folders may hold, files being worked on included; 0: no limit.",
    parse: wholeNumber,
  },
  sftpFreeBytesMin: {
    env: 'TRIBUTARY_SFTP_FREE_BYTES_MIN',
    fallback: 1024 ** 3,
    about: 'Uploads are refused when the disk has less than this left.',
    parse: wholeNumber,
  },
  sftpConnectionsMax: {
    env: 'TRIBUTARY_SFTP_CONNECTIONS_MAX',
    fallback: 500,
    about: 'Connections to the file server at the same time.',
    parse: wholeNumber,
  },
  sftpIdleSeconds: {
    env: 'TRIBUTARY_SFTP_IDLE_SECONDS',
    fallback: 900,
    about: 'A connection to the file server that does nothing for so long is closed.',
    parse: wholeNumber,
  },
  sftpFolderFilesMax: {
    env: 'TRIBUTARY_SFTP_FOLDER_FILES_MAX',
    fallback: 100_000,
    about: 'Files that one input folder may hold.',
    parse: wholeNumber,
  },
  logLevel: {
    env: 'TRIBUTARY_LOG_LEVEL',
    fallback: 'info',
    about: 'fatal, error, warn, info, debug, trace or silent.',
    parse: logLevel,
  },
} as const satisfies Record<
  string,
  Setting<string | null> | Setting<number> | Setting<number | null> | Setting<string> | Setting<boolean>
>

export type Config = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]['parse']> }

/**
 * Reads the settings from the environment, with overrides (flags of the command line) on top.
 * Throws fault CONFIG_WRONG naming every mistake at once, unknown TRIBUTARY_ names included.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: Partial<Config> = {},
): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  const known = new Set<string>(['TRIBUTARY_URL', 'TRIBUTARY_CLIENT_ID', 'TRIBUTARY_CLIENT_SECRET'])
  for (const [name, setting] of Object.entries(SETTINGS)) {
    known.add(setting.env)
    const given = env[setting.env]
    values[name] = setting.fallback
    if (given === undefined || given === '') continue
    try {
      values[name] = setting.parse(given)
    } catch (error) {
      problems.push(
        `${setting.env} must be ${error instanceof Error ? error.message : 'something else'}, not '${given}'`,
      )
    }
  }
  for (const name of Object.keys(env))
    if (name.startsWith('TRIBUTARY_') && !known.has(name)) problems.push(`${name} is not a setting`)
  const config = Object.freeze({ ...values, ...flags }) as Config
  if ((config.tlsCertificate === null) !== (config.tlsKey === null))
    problems.push('TRIBUTARY_TLS_CERT and TRIBUTARY_TLS_KEY go together')
  try {
    smtpSettings(config)
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  if (problems.length > 0) throw new Fault('CONFIG_WRONG', { reason: `${problems.join('; ')}.` })
  return config
}

/** The settings as text for people, secrets hidden. */
export function describeConfig(config: Config): string {
  return Object.entries(SETTINGS)
    .map(([name, setting]) => {
      const value = config[name as keyof Config]
      const shown = 'secret' in setting && setting.secret && value !== null ? '(hidden)' : (value ?? '')
      return `# ${setting.about}\n${setting.env}=${shown}`
    })
    .join('\n')
}
