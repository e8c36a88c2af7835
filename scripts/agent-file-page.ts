import { CONFIG_LANGUAGE, type ConfigKey, type ConfigShape } from '../src/agent/config-language.ts'
import { code, table } from '../src/publish/markdown.ts'

/** docs/guide/agent-file.md, from the table of the agent's file. */
export function agentFilePage(): string {
  const sections = Object.values(CONFIG_LANGUAGE).map(({ title, keys }) => {
    const rows = Object.entries(keys).map(([key, spec]) => [
      code(key) + (spec.required === true ? ' (needed)' : ''),
      takes(spec.shape),
      fallbackOf(spec),
      spec.about,
      code(spec.example),
    ])
    return `## ${title}\n\n${table(['Key', 'Takes', 'Default', 'What it is for', 'Such as'], rows)}\n`
  })
  return [
    '# The agent’s file\n',
    'Everything that the agent beside a database needs to know stands in one YAML file; [the guide](agent.md) says how to',
    'come by it. Paths in it begin at the folder of the file. `tributary agent check` tells every mistake with its line, and',
    '`agent.schema.json`, which `tributary agent init` writes beside it, lets editors complete and check it.\n',
    ...sections,
    'This page is made from `src/agent/config-language.ts` by `npm run docs`.\n',
  ].join('\n')
}

function fallbackOf({ fallback }: ConfigKey): string {
  return fallback === undefined ? '' : code(String(fallback))
}

function takes(shape: ConfigShape): string {
  switch (shape.is) {
    case 'text':
      return 'text'
    case 'integer':
      return `${shape.min} to ${shape.max}`
    case 'share':
      return '0 to 1'
    case 'choice':
      return shape.of.map((one) => code(one === '\t' ? '"\\t"' : one)).join(', ')
    case 'texts':
      return 'list of texts'
    case 'secret':
      return 'text, `{ file: … }` or `{ env: … }`'
    case 'names':
      return 'name: name'
    case 'section':
      return `section *${CONFIG_LANGUAGE[shape.of].title}*`
    case 'sections':
      return `list of *${CONFIG_LANGUAGE[shape.of].title}*`
    case 'named':
      return `name: *${CONFIG_LANGUAGE[shape.of].title}*`
  }
}
