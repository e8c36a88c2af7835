import type { FastifyReply } from 'fastify'
import { toWire } from '../../encode/record.ts'
import { xmlElement } from '../../encode/xml.ts'
import type { Definition } from '../../exchange/definition.ts'
import type { Body, Finding, RawTree, RawValue } from '../../exchange/parcel.ts'
import type { InteractiveType } from '../../publish/interactive.ts'
import type { OneRecordResult, RecordView } from './ports.ts'
import type { Message, MessageHeader } from './ports-messages.ts'
import type { Answer } from './problem.ts'

/** Answers and faults of the interactive XML interface, in the order of its schema. */

/** Members that are not there are left out. */
type Loose = Readonly<Record<string, RawValue | undefined>>

function present(members: Loose): RawTree {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, RawValue] => entry[1] !== undefined),
  )
}

export function sendXml(
  reply: FastifyReply,
  status: number,
  namespace: string,
  root: 'Answer' | 'Fault',
  content: RawTree,
): FastifyReply {
  const text = xmlElement(root, { '@xmlns': namespace, ...content })
  return reply
    .code(status)
    .type('application/xml; charset=utf-8')
    .send(`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`)
}

/** Whatever went wrong, as a fault with the status it has everywhere. */
export function sendFault(
  reply: FastifyReply,
  namespace: string,
  { problem, headers }: Answer,
): FastifyReply {
  return sendXml(reply.headers(headers), problem.status, namespace, 'Fault', {
    Code: problem.code,
    Message: problem.detail,
    Retry: problem.retry === 'later' || problem.status >= 500 ? 'later' : 'never',
    Request: problem.instance.replace('urn:request:', ''),
  })
}

function findingTree({ code, severity, field, path, item, message }: Finding): RawTree {
  return present({
    Code: code,
    Severity: severity,
    Field: field,
    Path: path,
    Item: item ?? undefined,
    Message: message,
  })
}

/** What became of one record. */
export function doneTree(operation: string, type: string, result: OneRecordResult): RawTree {
  const { repeated, outcome, recordId, key, status, statusLabel, version, findings, tracking } = result
  return {
    Operation: operation,
    Done: present({
      Repeated: repeated,
      Outcome: outcome,
      Type: type,
      RecordId: recordId ?? undefined,
      Key: key ?? undefined,
      Status: status ?? undefined,
      StatusLabel: statusLabel ?? undefined,
      Version: version ?? undefined,
      Finding: findings.map(findingTree),
      Receipt: { Tracking: tracking, Reference: `/v1/submissions/${tracking}/receipt` },
    }),
  }
}

/** Records that were looked up. */
export function foundTree(
  definition: Definition,
  { type, element }: InteractiveType,
  records: readonly RecordView[],
  next: string | null,
): RawTree {
  return {
    Operation: 'Lookup',
    Found: present({
      Record: records.map((record) => ({
        Type: type.name,
        RecordId: record.recordId,
        Key: record.key,
        Partner: record.partner,
        Status: record.status,
        StatusLabel: record.statusLabel,
        Version: record.version,
        ChangedAt: record.updatedAt,
        Finding: record.findings.map(findingTree),
        [element]: toWire(definition, type, record.body as Body, {
          stableId: record.recordId,
          version: record.definitionVersion,
        }),
      })),
      Next: next ?? undefined,
    }),
  }
}

/** A queue's messages; one message has its details. */
export function queueTree(messages: readonly (MessageHeader | Message)[], next: number | null): RawTree {
  return {
    Operation: 'Messages',
    Queue: present({ Message: messages.map(messageTree), Next: next ?? undefined }),
  }
}

function messageTree(message: MessageHeader | Message): RawTree {
  return present({
    Number: message.number,
    MessageType: message.type,
    Type: message.recordType ?? undefined,
    RecordId: message.recordId ?? undefined,
    Key: message.key ?? undefined,
    WorkItem: message.workItem ?? undefined,
    Title: message.title,
    CreatedAt: message.createdAt,
    ClearedAt: message.clearedAt ?? undefined,
    Detail: 'body' in message ? Object.entries(message.body).map(detailTree) : [],
  })
}

function detailTree([name, value]: readonly [string, unknown]): RawTree {
  const text =
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? value.join(' ')
        : JSON.stringify(value)
  return { '@name': name, '#text': text }
}
