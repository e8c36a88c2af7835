import { agentFilePage } from './agent-file-page.ts'
import { apiTypes } from './api-types.ts'
import { commandPage } from './command-page.ts'
import { definitionLanguagePage } from './definition-language-page.ts'
import { faultPage } from './fault-page.ts'
import { settingsPage } from './settings-page.ts'

/** Every page of the documents, and every source of the console, that is made from code: path in the project → text. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  return {
    'console/src/api/schema.ts': await apiTypes(),
    'docs/guide/agent-file.md': agentFilePage(),
    'docs/guide/command-line.md': await commandPage(),
    'docs/guide/definition-language.md': definitionLanguagePage(),
    'docs/operations/faults.md': faultPage(),
    'docs/operations/settings.md': settingsPage(),
  }
}
