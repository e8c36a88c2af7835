import type { Duplex } from 'node:stream'
import type { Files } from './files.ts'
import { createFrames, type Frame, frameBytesMax } from './frames.ts'
import type { Listing } from './listing.ts'
import type { OpenFile } from './open-file.ts'
import { readPath, shownPath } from './path.ts'
import type { SftpLog } from './ports.ts'
import { denied, failed, Refusal, refusalOf } from './refusal.ts'
import type { Room } from './space.ts'
import {
  type Attributes,
  attributesAnswer,
  BadFrame,
  handleAnswer,
  nameAnswer,
  numbersAnswer,
  REQUEST,
  Reader,
  STATUS,
  statusAnswer,
  versionAnswer,
} from './wire.ts'

/** Room in a request or answer besides the data of a file. */
const overheadBytes = 1024
const dataBytesMax = frameBytesMax - overheadBytes
/** Bytes being written, being read and waiting to be sent: with more, no request is begun. */
const loadBytesMax = 4 * 2 ** 20
/** A channel that holds more requests than this is not read from. */
const heldBytesMax = 2 ** 20

const EXTENSIONS = {
  'posix-rename@openssh.com': '1',
  'statvfs@openssh.com': '2',
  'fstatvfs@openssh.com': '2',
  'fsync@openssh.com': '1',
  'limits@openssh.com': '1',
}

export interface SessionDeps {
  readonly channel: Duplex
  readonly files: Files
  readonly room: () => Promise<Room>
  readonly log: SftpLog
  readonly handlesMax: number
  /** Bytes that wait in the connection to be sent. */
  readonly unsent: () => number
  /** Sends several writes to the channel as one. */
  readonly together: (send: () => void) => void
  readonly onActivity: () => void
  /** Ends the channel in order. */
  readonly leave: () => void
}

/**
 * One SFTP session on a channel. Reads and writes run beside each other; every other request waits for all before
 * it, so that a client that does not wait for answers finds what it would find on a server doing one at a time.
 */
export class Session {
  readonly #deps: SessionDeps
  readonly #frames = createFrames()
  readonly #handles = new Map<number, OpenFile | Listing>()
  #nextHandle = 1
  #greeted = false
  #ended = false
  #closing: Promise<void> | null = null
  #pumping = false
  #pending = 0
  #pendingBytes = 0
  #wake: () => void = () => {}
  #answers: Buffer[] = []

  constructor(deps: SessionDeps) {
    this.#deps = deps
    const { channel } = deps
    channel.on('data', (piece: Buffer) => {
      deps.onActivity()
      this.#frames.push(piece)
      if (this.#frames.waiting() > heldBytesMax) channel.pause()
      void this.#pump()
    })
    channel.on('end', () => {
      this.#ended = true
      void this.#pump()
    })
    channel.on('close', () => void this.end())
    channel.on('error', () => void this.end())
  }

  /** Something was sent: there may be room for more. */
  nudge(): void {
    this.#wake()
  }

  /** Closes what is open; resolves when all is in order. */
  end(): Promise<void> {
    this.#ended = true
    this.#wake()
    this.#closing ??= (async () => {
      for (const open of this.#handles.values())
        await (open.kind === 'file' ? this.#deps.files.abandon(open) : open.close()).catch((error: unknown) =>
          this.#deps.log.error({ reason: String(error) }, 'sftp.session.close-failed'),
        )
      this.#handles.clear()
    })()
    return this.#closing
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return
    this.#pumping = true
    try {
      for (
        let frame = this.#frames.next();
        frame !== null && this.#closing === null;
        frame = this.#frames.next()
      ) {
        await this.#take(frame)
        if (this.#frames.waiting() < heldBytesMax / 2 && this.#deps.channel.isPaused())
          this.#deps.channel.resume()
        while (this.#load() > loadBytesMax && this.#closing === null) await this.#change()
      }
      if (this.#deps.channel.isPaused()) this.#deps.channel.resume()
      if (this.#ended && this.#closing === null) {
        await this.#drained()
        await this.end()
        this.#deps.leave()
      }
    } catch (error) {
      if (!(error instanceof BadFrame)) this.#deps.log.error({ reason: String(error) }, 'sftp.session.failed')
      await this.end()
      this.#deps.channel.destroy()
    } finally {
      this.#pumping = false
    }
  }

  #load(): number {
    return this.#pendingBytes + this.#deps.channel.writableLength + this.#deps.unsent()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  async #drained(): Promise<void> {
    while (this.#pending > 0) await this.#change()
  }

  async #take(frame: Frame): Promise<void> {
    if (!this.#greeted) return this.#greet(frame)
    if (frame.kind === 'write') return this.#write(frame)
    const reader = new Reader(frame.bytes)
    const kind = reader.byte()
    const id = reader.uint32()
    if (kind === REQUEST.read) return this.#read(id, reader)
    await this.#drained()
    try {
      this.#send(await this.#perform(kind, id, reader))
    } catch (error) {
      this.#send(this.#refusal(id, error))
    }
  }

  #greet(frame: Frame): void {
    if (frame.kind !== 'request' || frame.bytes[0] !== REQUEST.init) throw new BadFrame('no greeting')
    this.#greeted = true
    this.#send(versionAnswer(EXTENSIONS))
  }

  #refusal(id: number, error: unknown): Buffer {
    if (error instanceof BadFrame) throw error
    const told = refusalOf(error)
    if (told === null) this.#deps.log.error({ reason: String(error) }, 'sftp.request.failed')
    return told === null
      ? statusAnswer(id, STATUS.failure, 'The server could not do this')
      : statusAnswer(id, told.status, told.message)
  }

  #send(answer: Buffer): void {
    this.#answers.push(answer)
    if (this.#answers.length === 1) setImmediate(() => this.#flush())
  }

  /** Answers that are ready at the same time leave together. */
  #flush(): void {
    const ready = this.#answers
    this.#answers = []
    if (!this.#deps.channel.writable) return
    const small: Buffer[] = []
    const sent = () => this.#sent()
    this.#deps.together(() => {
      for (const answer of ready) {
        if (answer.length < 1024) small.push(answer)
        else {
          if (small.length > 0) this.#deps.channel.write(Buffer.concat(small.splice(0)))
          this.#deps.channel.write(answer, sent)
        }
      }
      if (small.length > 0) this.#deps.channel.write(Buffer.concat(small), sent)
    })
  }

  #sent(): void {
    this.#deps.onActivity()
    this.#wake()
  }

  #began(bytes: number): void {
    this.#pending += 1
    this.#pendingBytes += bytes
  }

  #finished(bytes: number, answer: Buffer): void {
    this.#pending -= 1
    this.#pendingBytes -= bytes
    this.#send(answer)
    this.#wake()
  }

  #write({ head, data, length }: Extract<Frame, { kind: 'write' }>): void {
    const reader = new Reader(head)
    reader.byte()
    const id = reader.uint32()
    const file = head.readUInt32BE(5) === 4 ? this.#fileOf(reader.string()) : null
    if (file === null) {
      this.#send(this.#refusal(id, failed('Invalid handle')))
      return
    }
    const position = reader.uint64()
    if (reader.uint32() !== length) throw new BadFrame('a write of another length than it says')
    this.#began(length)
    file.write({
      data,
      position,
      length,
      done: (error) =>
        this.#finished(length, error === null ? statusAnswer(id, STATUS.ok, '') : this.#refusal(id, error)),
    })
  }

  async #read(id: number, reader: Reader): Promise<void> {
    const file = this.#fileOf(reader.string())
    const position = reader.uint64()
    const length = Math.min(reader.uint32(), dataBytesMax)
    if (file === null) {
      this.#send(this.#refusal(id, failed('Invalid handle')))
      return
    }
    // What was written just before is to be read; files are hardly ever both.
    if (file.mayWrite) await file.idle()
    this.#began(length)
    file
      .read(id, position, length)
      .then((answer) => answer ?? statusAnswer(id, STATUS.eof, 'End of file'))
      .catch((error: unknown) => this.#refusal(id, error))
      .then((answer) => this.#finished(length, answer))
  }

  #fileOf(handle: Buffer): OpenFile | null {
    const found = handle.length === 4 ? this.#handles.get(handle.readUInt32BE()) : undefined
    return found?.kind === 'file' ? found : null
  }

  /** Files that are not open answer so. */
  #mustFile(handle: Buffer): OpenFile {
    const file = this.#fileOf(handle)
    if (file === null) throw failed('Invalid handle')
    return file
  }

  async #perform(kind: number, id: number, reader: Reader): Promise<Buffer> {
    const done = async (work: Promise<unknown>) => {
      await work
      return statusAnswer(id, STATUS.ok, '')
    }
    switch (kind) {
      case REQUEST.open: {
        const path = reader.string()
        const flags = reader.uint32()
        return this.#keep(id, () => this.#deps.files.openFile(path, flags))
      }
      case REQUEST.opendir: {
        const path = reader.string()
        return this.#keep(id, () => this.#deps.files.openFolder(path))
      }
      case REQUEST.close:
        return done(this.#close(reader.string()))
      case REQUEST.readdir:
        return this.#list(id, reader.string())
      case REQUEST.stat:
      case REQUEST.lstat:
        return attributesAnswer(id, await this.#deps.files.stat(reader.string()))
      case REQUEST.fstat:
        return attributesAnswer(id, await this.#deps.files.statOpen(this.#mustFile(reader.string())))
      case REQUEST.setstat:
        return done(this.#deps.files.setStat(reader.string(), reader.attributes()))
      case REQUEST.fsetstat:
        return done(this.#setOpen(this.#mustFile(reader.string()), reader.attributes()))
      case REQUEST.remove:
        return done(this.#deps.files.remove(reader.string()))
      case REQUEST.rename:
        return done(this.#deps.files.rename(reader.string(), reader.string(), false))
      case REQUEST.mkdir:
        return done(this.#deps.files.makeFolder(reader.string()))
      case REQUEST.rmdir:
        return done(this.#deps.files.removeFolder(reader.string()))
      case REQUEST.realpath:
        return this.#realPath(id, reader.string())
      case REQUEST.readlink:
      case REQUEST.symlink:
        throw denied('There are no links here')
      case REQUEST.extended:
        return this.#extended(id, reader.string().toString('latin1'), reader)
      case REQUEST.write:
        throw new BadFrame('a write that is too short')
      default:
        throw new Refusal(STATUS.unsupported, 'Operation unsupported')
    }
  }

  async #keep(id: number, opening: () => Promise<OpenFile | Listing>): Promise<Buffer> {
    if (this.#handles.size >= this.#deps.handlesMax) throw failed('Too many open files; close some first')
    const opened = await opening()
    if (this.#closing !== null) {
      // The connection went while the file was being opened.
      await (opened.kind === 'file' ? this.#deps.files.abandon(opened) : opened.close())
      throw failed('The session has ended')
    }
    const number = this.#nextHandle
    this.#nextHandle = (this.#nextHandle + 1) >>> 0
    this.#handles.set(number, opened)
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(number)
    return handleAnswer(id, handle)
  }

  async #close(handle: Buffer): Promise<void> {
    const number = handle.length === 4 ? handle.readUInt32BE() : 0
    const open = this.#handles.get(number)
    if (open === undefined) throw failed('Invalid handle')
    this.#handles.delete(number)
    await (open.kind === 'file' ? this.#deps.files.close(open) : open.close())
  }

  async #list(id: number, handle: Buffer): Promise<Buffer> {
    const open = handle.length === 4 ? this.#handles.get(handle.readUInt32BE()) : undefined
    if (open?.kind !== 'folder') throw failed('Invalid handle')
    const entries = await open.next()
    return entries.length === 0 ? statusAnswer(id, STATUS.eof, 'End of file') : nameAnswer(id, entries)
  }

  async #setOpen(file: OpenFile, wanted: Attributes): Promise<void> {
    if (wanted.size !== undefined) await file.truncate(wanted.size)
    if (wanted.mtime !== undefined && file.mayWrite)
      await file.handle.utimes(wanted.atime ?? wanted.mtime, wanted.mtime)
  }

  #realPath(id: number, path: Buffer): Buffer {
    const names = readPath(path)
    if (names === null) throw new Refusal(STATUS.noSuchFile, 'No such file or directory')
    return nameAnswer(id, [{ name: shownPath(names), line: shownPath(names), attributes: null }])
  }

  async #extended(id: number, name: string, reader: Reader): Promise<Buffer> {
    switch (name) {
      case 'posix-rename@openssh.com':
        await this.#deps.files.rename(reader.string(), reader.string(), true)
        return statusAnswer(id, STATUS.ok, '')
      case 'fsync@openssh.com':
        await this.#mustFile(reader.string()).handle.sync()
        return statusAnswer(id, STATUS.ok, '')
      case 'limits@openssh.com':
        return numbersAnswer(id, [frameBytesMax, dataBytesMax, dataBytesMax, this.#deps.handlesMax])
      case 'statvfs@openssh.com':
        await this.#deps.files.stat(reader.string())
        return numbersAnswer(id, asStatvfs(await this.#deps.room()))
      case 'fstatvfs@openssh.com':
        this.#mustFile(reader.string())
        return numbersAnswer(id, asStatvfs(await this.#deps.room()))
      default:
        throw new Refusal(STATUS.unsupported, 'Operation unsupported')
    }
  }
}

/** In the order of OpenSSH's PROTOCOL document; the flag says that programs found here do not get rights. */
function asStatvfs({ totalBytes, freeBytes, blockBytes, files, freeFiles }: Room): readonly number[] {
  const [blocks, free] = [totalBytes / blockBytes, freeBytes / blockBytes]
  return [blockBytes, blockBytes, blocks, free, free, files, freeFiles, freeFiles, 0, 2, 255]
}
