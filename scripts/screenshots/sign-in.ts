import type { Page } from 'playwright-core'

/** Pictures of the page about single sign-on; `page` is an administrator of the centre's. */
export async function signInShots(
  page: Page,
  suffix: string,
  visit: (page: Page, path: string, name: string, first?: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await visit(page, '/identity-providers', `single-sign-on${suffix}`, () =>
    page.getByText('Add a service').first().click(),
  )
}
