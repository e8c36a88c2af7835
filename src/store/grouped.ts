/**
 * Gathers requests that are made close together and has them done in one go, so that what is dear for one (a
 * synced folder) is paid once for many. While one group is being done, the next gathers.
 * @param perform does a group; answers in its order, an Error for a request that failed alone
 */
export function grouped<Request, Answer>(
  perform: (requests: readonly Request[]) => Promise<readonly (Answer | Error)[]>,
): (request: Request) => Promise<Answer> {
  interface Waiting {
    readonly request: Request
    readonly resolve: (answer: Answer) => void
    readonly reject: (reason: unknown) => void
  }
  let gathering: Waiting[] = []
  let busy = false

  return (request) =>
    new Promise((resolve, reject) => {
      gathering.push({ request, resolve, reject })
      if (busy) return
      busy = true
      setImmediate(() => void work())
    })

  async function work(): Promise<void> {
    while (gathering.length > 0) {
      const group = gathering
      gathering = []
      try {
        const answers = await perform(group.map(({ request }) => request))
        for (const [index, { resolve, reject }] of group.entries()) {
          const answer = answers[index] as Answer | Error
          if (answer instanceof Error) reject(answer)
          else resolve(answer)
        }
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    busy = false
  }
}
