import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

/** A column of the fake's one view, with the value of each row. */
export interface FakeColumn {
  readonly name: string
  readonly type: 'int' | 'nvarchar' | 'date' | 'bit'
  value(row: number): number | string | boolean | null
}

export interface FakeSqlServer {
  readonly port: number
  /** Statements as they came, parameters after them. */
  readonly asked: string[]
  /** Name and password of the last sign-in, as the driver scrambled them. */
  readonly logins: Buffer[]
  /** Answers statements that contain this text with an error of that number. */
  fail: { readonly text: string; readonly number: number } | null
  close(): Promise<void>
}

const PACKET = { batch: 1, rpc: 3, reply: 4, attention: 6, login: 16, prelogin: 18 } as const

/**
 * A server that speaks as much of the tabular data stream protocol (MS-TDS 7.4) as a sign-in and a select take: it
 * shows that our driver is wired rightly, not what a real SQL Server makes of a statement.
 */
export async function startFakeSqlServer(
  columns: readonly FakeColumn[],
  rows: number,
): Promise<FakeSqlServer> {
  const asked: string[] = []
  const logins: Buffer[] = []
  const sockets = new Set<Socket>()
  const fake = { asked, logins, fail: null as FakeSqlServer['fail'] }

  function replyTo(type: number, body: Buffer): Buffer {
    if (type === PACKET.prelogin) return prelogin()
    if (type === PACKET.login) {
      logins.push(body)
      return Buffer.concat([loginAck(), done(0xfd)])
    }
    if (type === PACKET.attention) return done(0xfd, 0x20)
    const text = body.toString('utf16le')
    asked.push(text)
    const failure = fake.fail
    if (failure !== null && text.includes(failure.text))
      return Buffer.concat([errorToken(failure.number), done(type === PACKET.rpc ? 0xfe : 0xfd, 2)])
    const select = text.includes('select')
    if (type === PACKET.batch) return Buffer.concat([...(select ? [metadata(columns)] : []), done(0xfd)])
    const data = Array.from({ length: rows }, (_, row) => rowToken(columns, row))
    return Buffer.concat([
      metadata(columns),
      ...data,
      done(0xff, 0x10),
      Buffer.from([0x79, 0, 0, 0, 0]),
      done(0xfe),
    ])
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let held = Buffer.alloc(0)
    let message: Buffer[] = []
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 8 && held.length >= held.readUInt16BE(2)) {
        const length = held.readUInt16BE(2)
        message.push(held.subarray(8, length))
        const type = held.readUInt8(0)
        const last = (held.readUInt8(1) & 1) === 1
        held = held.subarray(length)
        if (!last) continue
        const body = Buffer.concat(message)
        message = []
        send(socket, replyTo(type, body))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(fake, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
}

/** A message in packets of the size that was agreed on. */
function send(socket: Socket, body: Buffer): void {
  const most = 4096 - 8
  for (let at = 0, number = 1; at < body.length; at += most, number += 1) {
    const part = body.subarray(at, at + most)
    const head = Buffer.from([PACKET.reply, at + most >= body.length ? 1 : 0, 0, 0, 0, 0, number & 0xff, 0])
    head.writeUInt16BE(part.length + 8, 2)
    socket.write(Buffer.concat([head, part]))
  }
}

/** Version, and that we cannot encrypt. */
function prelogin(): Buffer {
  return Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2])
}

function loginAck(): Buffer {
  const name = Buffer.from('Fake', 'utf16le')
  const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4, 4]), name, Buffer.from([16, 0, 0, 0])])
  return Buffer.concat([Buffer.from([0xad, body.length, 0]), body])
}

function done(token: number, status = 0): Buffer {
  const body = Buffer.alloc(13)
  body.writeUInt8(token, 0)
  body.writeUInt16LE(status, 1)
  return body
}

function errorToken(number: number): Buffer {
  const text = "Invalid object 'x'."
  const head = Buffer.alloc(8)
  head.writeInt32LE(number, 0)
  head.writeUInt8(1, 4)
  head.writeUInt8(16, 5)
  head.writeUInt16LE(text.length, 6)
  const body = Buffer.concat([head, Buffer.from(text, 'utf16le'), Buffer.from([0, 0, 1, 0, 0, 0])])
  const token = Buffer.from([0xaa, 0, 0])
  token.writeUInt16LE(body.length, 1)
  return Buffer.concat([token, body])
}

const TYPES: Readonly<Record<FakeColumn['type'], Buffer>> = {
  int: Buffer.from([0x26, 4]),
  nvarchar: Buffer.from([0xe7, 0x40, 0x1f, 9, 4, 0xd0, 0, 0x34]),
  date: Buffer.from([0x28]),
  bit: Buffer.from([0x68, 1]),
}

function metadata(columns: readonly FakeColumn[]): Buffer {
  const parts = columns.map(({ name, type }) =>
    Buffer.concat([
      Buffer.alloc(4),
      Buffer.from([1, 0]),
      TYPES[type],
      Buffer.from([name.length]),
      Buffer.from(name, 'utf16le'),
    ]),
  )
  return Buffer.concat([Buffer.from([0x81, columns.length, 0]), ...parts])
}

function rowToken(columns: readonly FakeColumn[], row: number): Buffer {
  return Buffer.concat([
    Buffer.from([0xd1]),
    ...columns.map((column) => cell(column.type, column.value(row))),
  ])
}

function cell(type: FakeColumn['type'], value: number | string | boolean | null): Buffer {
  if (type === 'nvarchar') {
    if (value === null) return Buffer.from([0xff, 0xff])
    const text = Buffer.from(String(value), 'utf16le')
    const length = Buffer.alloc(2)
    length.writeUInt16LE(text.length)
    return Buffer.concat([length, text])
  }
  if (value === null) return Buffer.from([0])
  if (type === 'bit') return Buffer.from([1, value === true ? 1 : 0])
  if (type === 'date') {
    // Days since the first of January of the year 1.
    const days = Date.parse(`${value}T00:00:00Z`) / 86_400_000 + 719_162
    return Buffer.from([3, days & 0xff, (days >> 8) & 0xff, (days >> 16) & 0xff])
  }
  const number = Buffer.alloc(5)
  number.writeUInt8(4, 0)
  number.writeInt32LE(Number(value), 1)
  return number
}
