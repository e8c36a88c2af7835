import type { Agent, AgentHealth } from '../../store/agents.ts'

/** What an agent tells of itself with each question, and when (milliseconds since 1970). */
export interface Greeting
  extends Pick<Agent, 'account' | 'login' | 'partner' | 'version' | 'batches' | 'address'> {
  readonly health: AgentHealth
  readonly seenAt: number
}

/** The latest greeting of each agent since they were written down: one statement for all, not one a question. */
export interface Greetings {
  note(greeting: Greeting): void
  /** Those that are not written down. */
  take(): readonly Greeting[]
  /** They could not be written down after all. */
  giveBack(greetings: readonly Greeting[]): void
}

export function createGreetings(): Greetings {
  let latest = new Map<string, Greeting>()
  return {
    note: (greeting) => void latest.set(greeting.account, greeting),
    take() {
      const taken = [...latest.values()]
      latest = new Map()
      return taken
    },
    giveBack(greetings) {
      for (const greeting of greetings)
        if (!latest.has(greeting.account)) latest.set(greeting.account, greeting)
    },
  }
}
