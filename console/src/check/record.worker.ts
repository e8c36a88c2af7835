import { parseDate } from '../../../src/exchange/dates.ts'
import type { Body } from '../../../src/exchange/parcel.ts'
import { compileTranslator } from '../../../src/translate/translator.ts'
import { compileValidator } from '../../../src/validate/validator.ts'
import { compileOutside } from '../forms/applies.ts'
import { sentOf, type Tree } from '../forms/tree.ts'
import { digest } from './digest.ts'
import type { Judged, RecordCheckRequest } from './record-check.ts'

/** Judges a record while it is written, in the person's browser, with the node's own code. */

let judge: ((number: number, tree: Tree) => Judged) | null = null

self.onmessage = ({ data }: MessageEvent<RecordCheckRequest>) => {
  if (data.kind === 'begin') judge = compile(data)
  else if (judge !== null) self.postMessage(judge(data.number, data.tree))
}

function compile({
  definition,
  type: name,
  partner,
  operation,
  stored,
}: Extract<RecordCheckRequest, { kind: 'begin' }>) {
  const type = definition.types.find((one) => one.name === name)
  if (type === undefined) return null
  const translator = compileTranslator(definition)
  const validator = compileValidator(definition)
  const outsideOf = compileOutside(definition, type)
  const days = new Intl.DateTimeFormat('en-CA', { timeZone: definition.zone })
  return (number: number, tree: Tree): Judged => {
    const today = days.format(new Date())
    const shape = { kind: 'tree', tree: sentOf(tree) } as const
    const raw = { position: 1, line: 0, member: '', type: name, shape, text: '' }
    const draft = translator.translate(raw, { partner, today, names: 'native', operation, type: name })
    const { version, findings } = validator.validate(draft, {
      today,
      sha256: digest,
      // Nobody asks which document it is: only whether it is one.
      sha256Bytes: () => digest(''),
      stored: stored as Body | null,
    })
    const dated = type.effective === null ? today : tree[type.effective]
    const effective = typeof dated === 'string' ? (parseDate(dated.slice(0, 10)) ?? '') : ''
    return {
      number,
      tree,
      version,
      effective,
      findings,
      outside: outsideOf(tree, { version, today, effective }),
    }
  }
}
