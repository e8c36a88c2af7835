import { readFileSync } from 'node:fs'
import { ownFile } from './own-file.ts'

/** Version of the installed package. */
export const version = (JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string })
  .version
