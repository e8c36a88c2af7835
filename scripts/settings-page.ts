import { SETTINGS } from '../src/node/config.ts'

/** docs/operations/settings.md, from the table of settings. */
export function settingsPage(): string {
  const rows = Object.values(SETTINGS).map(({ env, fallback, about }) => {
    const shown = fallback === null ? '' : `\`${fallback === false ? 'no' : fallback}\``
    return `| \`${env}\` | ${shown} | ${about.replaceAll('|', '\\|')} |`
  })
  return [
    '# Settings\n',
    'A node reads its settings from the environment when it starts. Unknown names that begin with `TRIBUTARY_` are',
    'errors, and all mistakes are reported together. Flags of `tributary start` go before the environment.\n',
    '| Name | Default | What it is for |\n|---|---|---|',
    `${rows.join('\n')}\n`,
    'This page is made from `src/node/config.ts` by `npm run docs`.\n',
  ].join('\n')
}
