// tsc emits only JavaScript; the built node also reads migrations and templates of mails, at run time.
import { cpSync } from 'node:fs'

for (const folder of ['db/migrations', 'feedback/mail/templates'])
  cpSync(new URL(`../src/${folder}`, import.meta.url), new URL(`../dist/${folder}`, import.meta.url), {
    recursive: true,
  })
