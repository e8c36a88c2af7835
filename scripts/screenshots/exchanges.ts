import type { Page } from 'playwright-core'
import { definitionArchive } from '../../test/console/definition-archive.ts'

type Visit = (page: Page, path: string, name: string, first?: () => Promise<unknown>) => Promise<void>

/** Pages of exchanges, as the centre sees them. */
export async function exchangePages(page: Page, visit: Visit, suffix: string): Promise<void> {
  const at = (path: string, name: string, first?: () => Promise<unknown>) =>
    visit(page, `/exchanges${path}`, `${name}${suffix}`, first)
  await at('', 'exchanges')
  await at('/ripa', 'exchange')
  await at('/ripa/fields', 'exchange-fields')
  await at('/ripa/rules', 'exchange-rules')
  await at('/ripa/lifecycle', 'exchange-lifecycle')
  await at('/ripa/downloads', 'exchange-downloads')
  await at('/ripa/codes', 'exchange-codes')
  await at('/ripa/codes/city', 'exchange-code-list')
  await at('/voter/crosswalks', 'exchange-crosswalks')
  await at('/ripa/try', 'exchange-try', async () => {
    await page.getByLabel('Rule', { exact: true }).fill('size(record.persons) < 2')
    await page.getByRole('button', { name: 'Start from an example' }).click()
    while ((await page.locator('#data').inputValue()) === '') await page.waitForTimeout(50)
    await page.getByRole('button', { name: 'Try the rule' }).click()
    await page.getByRole('heading', { name: 'Result' }).waitFor()
  })
  await at('/ripa/versions', 'exchange-version', async () => {
    const buffer = await definitionArchive('ripa', 'types/stop.yaml', (text) =>
      text.replace('range: [1, 1440]', 'range: [1, 15]'),
    )
    const archive = { name: 'ripa-2027.zip', mimeType: 'application/zip', buffer }
    await page.getByLabel('ZIP archive').setInputFiles(archive)
    await page.getByRole('button', { name: 'Upload and check' }).click()
    await page.getByRole('button', { name: 'Run in shadow' }).click()
    await page.getByText('By rule', { exact: true }).waitFor()
  })
}
