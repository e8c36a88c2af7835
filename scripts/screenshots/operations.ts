import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { sql } from '../../src/db/sql.ts'
import { type Browser, type Look, signIn } from '../../test/console/browser.ts'
import { ADMINISTRATOR, PASSWORD } from '../../test/console/office.ts'
import {
  AGENCY_ADMINISTRATOR,
  JOB,
  type OperationsYard,
  openOperationsYard,
} from '../../test/console/operations-yard.ts'

interface Shots {
  readonly browser: Browser
  /** Each with what is put behind the names of its pictures. */
  readonly looks: readonly (readonly [Look, string])[]
  shot(page: Page, name: string): Promise<void>
}

/** Jobs, files, mail, the audit log and the system, from a node of their own. */
export async function shootOperations({ browser, looks, shot }: Shots): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-operations-'))
  const yard = await openOperationsYard(folder)
  try {
    const run = await work(yard)
    for (const [look, suffix] of looks) {
      const centre = await browser.window(look)
      await signIn(centre.page, yard.node.url, ADMINISTRATOR, PASSWORD)
      const visit = visitor(yard.node.url, centre.page, (page, name) => shot(page, `${name}${suffix}`))
      await visit('/jobs', 'jobs')
      await visit('/jobs/calendar?view=month', 'jobs-calendar')
      await visit(`/jobs/of/${JOB}`, 'job')
      await visit(`/jobs/runs/${run}`, 'run')
      await visit('/jobs/new', 'job-new')
      await visit(`/jobs/of/${JOB}/edit`, 'job-change')
      await visit('/jobs/rest', 'days-of-rest')
      await visit('/files/places', 'places')
      await visit('/jobs/sessions', 'sessions')
      await visit('/jobs/agents', 'agents')
      await visit('/files', 'files-received')
      await visit('/files/folders?partner=riverbend-pd&path=%2Fwells%2FPROD', 'folders')
      await visit('/files/transfers', 'transfers')
      await visit('/held', 'held')
      await visit('/mails', 'mails')
      await visit('/audit', 'audit', async () => {
        await centre.page.getByRole('button', { name: 'Verify the log' }).click()
        await centre.page.getByText('The log is as it was sealed').waitFor()
      })
      await visit('/system', 'system')
      await centre.page.goto(`${yard.node.url}/files`)
      await centre.page.locator('tbody th a').first().click()
      await centre.page.getByText('Release').first().waitFor()
      await shot(centre.page, `intake${suffix}`)
      const agency = await browser.window(look)
      await signIn(agency.page, yard.node.url, AGENCY_ADMINISTRATOR, PASSWORD)
      const visitAgency = visitor(yard.node.url, agency.page, (page, name) => shot(page, `${name}${suffix}`))
      await visitAgency(`/jobs/of/${JOB}`, 'job-agency')
      await visitAgency('/messages/questions', 'questions')
    }
  } finally {
    await yard.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function visitor(url: string, page: Page, shot: (page: Page, name: string) => Promise<void>) {
  return async (path: string, name: string, first = async (): Promise<void> => undefined) => {
    await page.goto(url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await first()
    await shot(page, name)
  }
}

/** A night that went well, one that did not, a held file, a held refresh, mails and a question; the run that failed. */
async function work({ centre, node, ...yard }: OperationsYard): Promise<string> {
  const start = () => centre.json<{ items: { run: string }[] }>('POST', `/v1/jobs/${JOB}/runs`, { body: {} })
  for (const count of [40, 43]) {
    await start()
    const attempt = await yard.take()
    await yard.bring(attempt, count)
    for (let state = ''; state !== 'done'; )
      state = (await centre.json<{ state: string }>('GET', `/v1/attempts/${attempt}`)).state
  }
  const { items } = await start()
  await yard.fail(await yard.take(), 'The county database does not answer.')
  await yard.put('wells-march.json', 12)
  await yard.refresh(4, 'all-wells.json')
  await node.db.transact(async (tx) => {
    for (const [mail, state, error, subject] of [
      ['m1', 'sent', null, 'Wells: 40 records received'],
      ['m2', 'bounced', '550 5.1.1 no such user', 'Wells: 43 records received'],
    ] as const)
      await tx.rows(sql`
        insert into mail (mail, partner, exchange, recipient, subject, text_body, html_body, state, attempts,
                          created_at, next_at, sent_at, last_error)
        values (${mail}, 'riverbend-pd', 'wells', 'records@riverbend.example', ${subject}, '', '', ${state}, 1, now(),
                now(), case when ${state} = 'sent' then now() end, ${error})`)
  })
  const item = { exchange: 'wells', partner: 'riverbend-pd', kind: 'closed', title: 'Is well W1 filled in?' }
  await centre.json('POST', '/v1/work-items', { body: item })
  return items[0]?.run ?? ''
}
