import type { Client, ClientChannel } from 'ssh2'
import { OPEN, REQUEST } from '../../src/channel/sftp/wire.ts'

/** An answer: its kind, and what follows its id. */
export interface Answer {
  readonly kind: number
  readonly status: number | null
  readonly text: string
  readonly body: Buffer
}

/** A client that writes any bytes it likes as requests. */
export interface Raw {
  readonly channel: ClientChannel
  /** Sends a request and waits for its answer. */
  ask(kind: number, ...values: readonly (Buffer | string | number)[]): Promise<Answer>
  /** Sends a request, or anything, and waits for nothing. */
  send(kind: number, ...values: readonly (Buffer | string | number)[]): number
  open(path: Buffer | string, flags?: number): Promise<Answer>
}

export const uploadFlags = OPEN.write | OPEN.create | OPEN.truncate

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Texts and buffers of a value go with their length; numbers as 32 bits. */
function encode(value: Buffer | string | number): Buffer {
  if (typeof value === 'number') return uint32(value)
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** @param listen false: never reads what the server sends */
export async function openRaw(client: Client, listen = true): Promise<Raw> {
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  channel.on('error', () => {})
  channel.setMaxListeners(0)
  const waiting = new Map<number, (answer: Answer) => void>()
  let held = Buffer.alloc(0)
  let next = 1
  if (listen)
    channel.on('data', (piece: Buffer) => {
      held = Buffer.concat([held, piece])
      while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
        const whole = held.subarray(4, 4 + held.readUInt32BE())
        held = held.subarray(4 + whole.length)
        const id = whole.length >= 5 ? whole.readUInt32BE(1) : 0
        waiting.get(id)?.(answerOf(whole))
        waiting.delete(id)
      }
    })
  channel.write(Buffer.concat([uint32(5), Buffer.from([REQUEST.init]), uint32(3)]))

  function send(kind: number, ...values: readonly (Buffer | string | number)[]): number {
    const id = next
    next += 1
    const body = Buffer.concat([Buffer.from([kind]), uint32(id), ...values.map(encode)])
    channel.write(Buffer.concat([uint32(body.length), body]))
    return id
  }
  const ask: Raw['ask'] = (kind, ...values) =>
    new Promise((resolve, reject) => {
      channel.once('close', () => reject(new Error('the channel was closed')))
      waiting.set(send(kind, ...values), resolve)
    })
  return { channel, ask, send, open: (path, flags = uploadFlags) => ask(REQUEST.open, path, flags, 0) }
}

function answerOf(whole: Buffer): Answer {
  const kind = whole[0] ?? 0
  const body = whole.subarray(5)
  if (kind !== 101) return { kind, status: null, text: '', body }
  const length = body.readUInt32BE(4)
  return { kind, status: body.readUInt32BE(0), text: body.subarray(8, 8 + length).toString(), body }
}
