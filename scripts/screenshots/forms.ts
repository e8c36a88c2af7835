import type { Page } from 'playwright-core'

/** Entering a record, changing a stored one, the records to fix, and one of them in its form, as the clerk sees them. */
export async function formPictures(
  page: Page,
  visit: (page: Page, path: string, name: string, first?: () => Promise<unknown>) => Promise<void>,
  suffix: string,
): Promise<void> {
  await visit(page, '/enter', `enter${suffix}`, () => page.locator('.blanks').waitFor())
  await visit(page, '/enter/ripa/stop', `enter-record${suffix}`, async () => {
    await page.getByLabel('Kind of location').selectOption('4')
    await page.getByLabel('Highway', { exact: true }).fill('Interstate 5')
  })
  const open = '/records?exchange=ripa&type=stop&status=submitted-with-errors'
  await visit(page, open, `edit-record${suffix}`, async () => {
    await page.locator('tbody').getByRole('link').first().click()
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByRole('button', { name: 'Submit', exact: true }).waitFor()
  })
  await visit(page, '/fix?exchange=ripa&type=stop', `fix${suffix}`, () => page.getByRole('table').waitFor())
  await visit(page, '/fix?exchange=ripa&type=stop&code=F022C', `fix-record${suffix}`, async () => {
    await page.getByRole('table').getByRole('link').first().click()
    await page.locator('.field--bad').first().waitFor()
  })
}
