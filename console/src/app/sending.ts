import { type FormEvent, useState } from 'react'

/** Sends a form, with what it is doing and what went wrong. */
export function useSending(send: () => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send()
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)))
    }
    setBusy(false)
  }
  return { busy, problem, submit }
}
