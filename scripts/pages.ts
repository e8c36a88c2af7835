import { faultPage } from './fault-page.ts'
import { settingsPage } from './settings-page.ts'

/** Every page of the documents that is made from code: path in the project → text. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/operations/faults.md': faultPage(),
    'docs/operations/settings.md': settingsPage(),
  }
}
