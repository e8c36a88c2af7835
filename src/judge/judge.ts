import { hash } from 'node:crypto'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel, RawRecord } from '../exchange/parcel.ts'
import { compileTranslator, type TranslateContext } from '../translate/translator.ts'
import { compileValidator } from '../validate/validator.ts'

export interface JudgeContext extends TranslateContext {
  readonly checks?: 'fields' | 'relations' | 'both'
}

/** Everything that can be said of a record by itself: translated, typed, checked and hashed. */
export interface Judge {
  /** One parcel for each raw record, in order; what could not be read has a fatal finding and no key. */
  judge(raw: readonly RawRecord[], context: JudgeContext): Parcel[]
}

/** Compiles a definition. Throws ExpressionError when an expression or pattern of it is wrong. */
export function createJudge(definition: Definition): Judge {
  const translator = compileTranslator(definition)
  const validator = compileValidator(definition)
  return {
    judge(raw, context) {
      const { today, checks = 'both' } = context
      const parcels: Parcel[] = []
      for (const record of raw) {
        const draft = translator.translate(record, context)
        const rawHash = sha256(record.text)
        const parcel = validator.validate(draft, { today, sha256, checks, rawHash })
        parcels.push(draft.places === undefined ? parcel : inTheirNames(parcel, draft.places))
      }
      return parcels
    },
  }
}

/** Findings name the places where the sender wrote the values, not those of our own layout. */
function inTheirNames(parcel: Parcel, places: ReadonlyMap<string, string>): Parcel {
  if (parcel.findings.length === 0) return parcel
  const findings = parcel.findings.map((finding) => {
    const place = places.get(finding.path.replaceAll(/\[\d+\]/g, ''))
    return place === undefined ? finding : { ...finding, field: place }
  })
  return { ...parcel, findings }
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
