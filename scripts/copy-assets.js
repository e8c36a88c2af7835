// tsc emits only JavaScript; the migrations are SQL files that the built node reads at run time.
import { cpSync } from 'node:fs'

cpSync(new URL('../src/db/migrations', import.meta.url), new URL('../dist/db/migrations', import.meta.url), {
  recursive: true,
})
