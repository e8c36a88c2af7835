import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type AuthContext, type PublicKeyAuthContext } from 'ssh2'
import { sshFingerprint } from '../../identity/ssh-key.ts'
import type { Guest, Guests } from './guests.ts'
import type { SftpDeps, SignedIn, SignInRefusal } from './ports.ts'

const METHODS: ('publickey' | 'password')[] = ['publickey', 'password']
const failuresMax = 6
const keyOffersMax = 20
/** Passwords checked at the same time: each costs memory and a processor. */
const checksAtOnce = 2
const loginCharsMax = 200
const secretCharsMax = 1000

/** Answers the sign-in requests of connections. */
export function createSignIns(deps: SftpDeps, guests: Guests) {
  const turn = createTurns(checksAtOnce)

  return {
    async answer(guest: Guest, request: AuthContext, leave: () => void): Promise<void> {
      const asked = performance.now()
      guest.login = request.username
      if (guest.failures >= failuresMax || guest.keyOffers > keyOffersMax) return leave()
      try {
        if (request.method === 'password')
          return await settle(guest, request, asked, () => byPassword(guest, request))
        if (request.method !== 'publickey') return request.reject(METHODS)
        if (request.username.length > loginCharsMax) return request.reject(METHODS)
        guest.keyOffers += 1
        if (request.signature !== undefined)
          return await settle(guest, request, asked, () => byKey(guest, request))
        if (await deps.identity.keyKnown(offered(guest, request))) request.accept()
        else request.reject(METHODS)
      } catch (error) {
        deps.log.error({ reason: String(error) }, 'sftp.sign-in.failed')
        request.reject(METHODS)
      }
    },

    /** A connection ended that had only offered keys which nobody has. */
    async left(guest: Guest): Promise<void> {
      if (guest.who !== null || guest.failures > 0 || guest.keyOffers === 0) return
      await tell(deps, guest, await deps.identity.refuse(guest.login, guest.address), 'refused')
    },
  }

  async function settle(
    guest: Guest,
    request: AuthContext,
    asked: number,
    check: () => Promise<SignedIn>,
  ): Promise<void> {
    const answer = await check()
    if (answer.ok && !guests.isFull(answer.who.account)) {
      guest.who = answer.who
      guest.activeAt = performance.now()
      await tell(deps, guest, null, 'ok')
      return request.accept()
    }
    const { login, account, partner } = answer.ok ? { ...answer.who, login: answer.who.name } : answer.refusal
    // The time says nothing about why: a wrong name takes as long as a wrong password.
    const waitMs = guests.failed(guest) - (performance.now() - asked)
    await tell(deps, guest, { login, account, partner }, answer.ok ? 'too many sessions' : 'refused')
    if (waitMs > 0) await sleep(waitMs, null, { ref: false })
    request.reject(METHODS)
  }

  function byPassword(
    guest: Guest,
    request: Extract<AuthContext, { method: 'password' }>,
  ): Promise<SignedIn> {
    const login = request.username.slice(0, loginCharsMax)
    const secret = request.password.slice(0, secretCharsMax)
    return turn(() => deps.identity.byPassword({ login, secret, address: guest.address }))
  }

  function byKey(guest: Guest, request: PublicKeyAuthContext): Promise<SignedIn> {
    return deps.identity.byKey(offered(guest, request), isProven(request))
  }
}

export type SignIns = ReturnType<typeof createSignIns>

/** A line of the transfer log; without a refusal it is that the guest has signed in. */
async function tell(
  deps: SftpDeps,
  guest: Guest,
  refusal: SignInRefusal | null,
  result: string,
): Promise<void> {
  const { who, address } = guest
  const name = refusal ?? {
    partner: who?.partner ?? null,
    account: who?.account ?? null,
    login: who?.name ?? '',
  }
  const line = { ...name, address, action: 'login' as const, path: '', bytes: 0, ms: 0, result }
  await deps.transfer(line)
}

function offered(guest: Guest, request: PublicKeyAuthContext) {
  const fingerprint = sshFingerprint(request.key.data)
  return { login: request.username, fingerprint, address: guest.address }
}

/** Does the client's signature fit the key it offers? SHA-1 signatures (`ssh-rsa`) do not count. */
function isProven(request: PublicKeyAuthContext): boolean {
  const { key, blob, signature } = request
  const hashAlgorithm = 'hashAlgo' in request ? request.hashAlgo : undefined
  if (blob === undefined || signature === undefined) return false
  if (key.algo === 'ssh-rsa' && hashAlgorithm !== 'sha256' && hashAlgorithm !== 'sha512') return false
  const found = ssh2.utils.parseKey(`${key.algo} ${key.data.toString('base64')}`)
  const parsed = Array.isArray(found) ? found[0] : found
  if (parsed === undefined || parsed instanceof Error || parsed.type !== key.algo) return false
  const algorithm = typeof hashAlgorithm === 'string' ? hashAlgorithm : undefined
  return parsed.verify(blob, signature, algorithm) === true
}

/** At most so many at once; the others wait in order. */
function createTurns(max: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async function turn<T>(action: () => Promise<T>): Promise<T> {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await action()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
