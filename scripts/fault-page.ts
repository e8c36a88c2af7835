import { FAULTS, type FaultCode } from '../src/fault/fault.ts'

/** What each fault means to the one who meets it, and what to do. */
const ADVICE: Readonly<Record<FaultCode, string>> = {
  BAD_REQUEST:
    'The call itself is wrong: a parameter, a header or the shape of the body. The text says which.',
  NOT_SIGNED_IN:
    'The token or certificate is absent, expired or altered. Ask for a new token; look at the clock if it happens often.',
  NOT_ALLOWED:
    'The account is known but lacks the grant. `tributary account list` shows what it may do; the centre grants more.',
  NOT_FOUND: 'There is no such thing, or it belongs to a partner whose data the caller may not see.',
  NOT_ALLOWED_NOW: 'The thing exists, but its state does not allow this: a closed submission, say.',
  CONFLICT:
    'Something else is there already under this name or key, for example another document under the same idempotency key.',
  JOB_LOST:
    'The agent was silent for too long, or its job was cancelled, and another attempt may have begun. It deletes its temporary file and asks for jobs again; nothing is lost, because the new attempt extracts anew.',
  UPLOAD_HASH_WRONG:
    'The file was damaged on its way or on the disk of the agent. It is uploaded again from its beginning; when that happens often, look at the network and the disk.',
  PRECONDITION: 'The record has changed since the version that the call names. Read it again, then decide.',
  TOO_LARGE:
    'Split the document, or send it compressed. The operator sets the limits: see `TRIBUTARY_DOCUMENT_BYTES_MAX`.',
  UNSUPPORTED_MEDIA: 'The content type is none of those that the exchange takes.',
  TOO_MANY: 'Too many calls or failed sign-ins in a short time. Wait as long as `Retry-After` says.',
  LANE_BUSY:
    'A long file of the same book is at work and the exchange does not let single records in between. Nothing was stored: send the record again.',
  DATABASE_AWAY:
    'The node runs but cannot reach its database. Look at the server, the network and the number of connections; work goes on by itself from the last checkpoint.',
  DISK_FULL:
    'The data folder is full. Nothing was taken in halfway. Make room, then let the senders send again.',
  LEASE_LOST:
    'This process was too slow to say that it lives, and another one took its work over. Nothing is lost. Often: an overloaded machine or a paused virtual machine.',
  DECODER_DIED:
    'Reading the document took too much memory or time, twice at the same place. Look at the record named; it is usually far larger than a record should be.',
  DEFINITION_WRONG:
    'An exchange definition cannot be loaded. The text names file, line and fix; `tributary exchange check` shows all problems.',
  RULES_WRONG:
    'A rule set was put before the definition changed, and does not fit it now. Put a version that fits: `tributary rules check` names every problem. Nothing of the partner is judged by other rules meanwhile.',
  CONFIG_WRONG: 'A setting is wrong. All mistakes are named at once; see [settings](settings.md).',
  FOLDER_IN_USE:
    'Each embedded database belongs to one process. End the other one, or give this one its own folder with `TRIBUTARY_DATA`.',
}

const WHO = {
  submitter: 'the one who calls',
  operator: 'the operator of the node',
  partner: 'the operator of the other system',
} as const

/** docs/operations/faults.md, from the catalogue. */
export function faultPage(): string {
  const entries = Object.entries(FAULTS).map(
    ([code, { blame, retry, status, text }]) =>
      `## \`${code}\`\n\n` +
      `> ${text.replaceAll(/\{(\w+)\}/g, '*$1*')}\n\n` +
      `HTTP ${status}. Who must act: ${WHO[blame]}. ` +
      `${retry === 'later' ? 'The same call may succeed later.' : 'The same call fails again.'}\n\n` +
      `${ADVICE[code as FaultCode]}\n`,
  )
  return [
    '# Faults\n',
    'What can go wrong with the node or with the world around it. Problems in a sender’s *data* are findings and',
    'stand in the error file and the session log instead. Codes are permanent: programs may rely on them.\n',
    'This page is made from `src/fault/fault.ts` by `npm run docs`.\n',
    entries.join('\n'),
  ].join('\n')
}
