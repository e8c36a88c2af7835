import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { ApiProblem, api, dataOf, type Me } from '../api/client.ts'

/** How the person or the device may say no. */
export interface Refusals {
  readonly cancelled: string
  /** The device holds one for this account already. */
  readonly known?: string
}

/** Signs in with a passkey. Throws ApiProblem in words when nothing comes of it. */
export async function signInWithPasskey(refusals: Refusals): Promise<Me> {
  const options = await dataOf(api.POST('/v1/session/passkey/options'))
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const signed = await startAuthentication({ optionsJSON }).catch((error) => refused(error, refusals))
  return dataOf(api.POST('/v1/session/passkey', { body: plain(signed) }))
}

/** Has the device make a passkey and gives it to the node under this name. Throws as signing in does. */
export async function addPasskey(title: string, refusals: Refusals): Promise<void> {
  const options = await dataOf(api.POST('/v1/me/passkeys/options'))
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const made = await startRegistration({ optionsJSON }).catch((error) => refused(error, refusals))
  await dataOf(api.POST('/v1/me/passkeys', { body: { title, answer: plain(made) } }))
}

function refused(error: unknown, { cancelled, known = cancelled }: Refusals): never {
  const name = error instanceof Error ? error.name : ''
  if (name === 'InvalidStateError') throw new ApiProblem(0, 'KNOWN', known)
  if (name === 'NotAllowedError' || name === 'AbortError') throw new ApiProblem(0, 'CANCELLED', cancelled)
  throw error
}

function plain<R extends { clientDataJSON: string }>(answer: {
  readonly id: string
  readonly rawId: string
  readonly response: R
  readonly type: 'public-key'
}) {
  return { ...answer, response: { ...answer.response } }
}
