import type { Socket } from 'node:net'
import type { Who } from '../../identity/who.ts'

/** One connection, from its first byte on. */
export interface Guest {
  readonly socket: Socket
  readonly address: string
  /** Null until signed in. */
  who: Who | null
  /** Monotonic milliseconds. */
  activeAt: number
  failures: number
  keyOffers: number
  /** The name tried last. */
  login: string
}

export interface GuestLimits {
  readonly connectionsMax: number
  readonly sessionsPerAccountMax: number
  /** A refusal takes at least so long, and longer each time. */
  readonly refusalMs: number
}

/** Connections that have not signed in yet, in all and from one address. */
const strangersMax = 100
const strangersPerAddressMax = 20
/** Failures from one address are remembered so long. */
const memoryMs = 10 * 60_000
const addressesMax = 10_000
/** So many failures from one address are put down to mistakes: many clients may share an address. */
const mistakes = 10
const addressDelayMsMax = 10_000

/** Who is connected, and from where guesses came. */
export function createGuests(limits: GuestLimits) {
  const guests = new Map<string, Guest>()
  const guesses = new Map<string, { failures: number; until: number }>()

  return {
    /** Null when there are too many already. */
    admit(socket: Socket): Guest | null {
      const address = socket.remoteAddress ?? ''
      const all = [...guests.values()]
      const strangers = all.filter(({ who }) => who === null)
      if (all.length >= limits.connectionsMax || strangers.length >= strangersMax) return null
      if (strangers.filter((one) => one.address === address).length >= strangersPerAddressMax) return null
      const activeAt = performance.now()
      const guest: Guest = { socket, address, who: null, activeAt, failures: 0, keyOffers: 0, login: '' }
      const key = keyOf(address, socket.remotePort)
      guests.set(key, guest)
      socket.once('close', () => guests.delete(key))
      return guest
    },

    find: (address: string | undefined, port: number | undefined): Guest | null =>
      guests.get(keyOf(address ?? '', port)) ?? null,

    all: (): readonly Guest[] => [...guests.values()],

    isFull(account: string): boolean {
      const same = [...guests.values()].filter(({ who }) => who?.account === account)
      return same.length >= limits.sessionsPerAccountMax
    },

    /** Counts a failure; gives how long its answer has to wait, in milliseconds from when it was asked. */
    failed(guest: Guest): number {
      guest.failures += 1
      const now = performance.now()
      const known = guesses.get(guest.address)
      const failures = (known !== undefined && known.until > now ? known.failures : 0) + 1
      if (guesses.size >= addressesMax) guesses.clear()
      guesses.set(guest.address, { failures, until: now + memoryMs })
      const often = Math.max(0, failures - mistakes)
      return limits.refusalMs * guest.failures + Math.min(addressDelayMsMax, often * limits.refusalMs)
    },
  }
}

export type Guests = ReturnType<typeof createGuests>

function keyOf(address: string, port: number | undefined): string {
  return `${address} ${port}`
}
