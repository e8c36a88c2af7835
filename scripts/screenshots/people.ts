import type { Page } from 'playwright-core'

/** Pictures of the pages about partners, their people and one's own account; `page` is an administrator of the centre's. */
export async function peopleShots(
  page: Page,
  suffix: string,
  visit: (page: Page, path: string, name: string, first?: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await visit(page, '/partners', `partners${suffix}`)
  await visit(page, '/partners/riverbend-pd', `partner${suffix}`)
  await visit(page, '/partners/riverbend-pd/invite', `invite${suffix}`, () =>
    page.getByLabel('Mail address').fill('lee@riverbend.example'),
  )
  await visit(page, '/accounts/dana.clerk', `account${suffix}`)
  await visit(page, '/account', `own-account${suffix}`, async () => {
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('img', { name: 'QR code for the app' }).waitFor()
  })
}
