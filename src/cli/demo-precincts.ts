import type { RawTree } from '../exchange/parcel.ts'

/** A county with so many voters in so many precincts. */
export interface PrecinctOptions {
  readonly count: number
  /** Default one for 900 voters. */
  readonly precincts?: number
  readonly county: string
}

/** Towns that do not exist. */
export const DEMO_TOWNS = [
  'Alder Flat',
  'Amber Valley',
  'Bell Mesa',
  'Cedar Junction',
  'Fern Cove',
  'Granite Pass',
  'Oak Landing',
]

/** Number of precincts that the options ask for. */
export function precinctCount({ count, precincts }: Omit<PrecinctOptions, 'county'>): number {
  return Math.max(1, precincts ?? Math.round(count / 900))
}

/** The batch of districts, precincts and their mapping that the voters of the same options live in. */
export function precinctBatch(options: PrecinctOptions): {
  readonly districts: RawTree[]
  readonly precincts: RawTree[]
  readonly precinct_districts: RawTree[]
} {
  const CountyCode = options.county
  const total = precinctCount(options)
  const districts = DISTRICT_TYPES.flatMap(({ type, title, of }) =>
    Array.from({ length: Math.ceil(total / of) }, (_, index) => ({
      CountyCode,
      DistrictId: `${type}-${index + 1}`,
      DistrictType: type,
      DistrictNumber: String(index + 1),
      DistrictName: `${title} ${index + 1}`,
    })),
  )
  const precincts = Array.from({ length: total }, (_, index) => ({
    CountyCode,
    PrecinctId: precinctId(index),
    PrecinctNumber: String(1001 + index),
    PrecinctName: `${DEMO_TOWNS[index % DEMO_TOWNS.length]} ${index + 1}`,
    PrecinctType: 'R',
  }))
  const precinct_districts = precincts.flatMap(({ PrecinctId }, index) =>
    DISTRICT_TYPES.map(({ type, of }) => ({
      CountyCode,
      PrecinctId,
      DistrictId: `${type}-${Math.floor(index / of) + 1}`,
      SplitFlag: 'N',
    })),
  )
  return { districts, precincts, precinct_districts }
}

const DISTRICT_TYPES = [
  { type: 'CG', title: 'Congressional district', of: 400 },
  { type: 'SA', title: 'Assembly district', of: 200 },
  { type: 'SU', title: 'Supervisorial district', of: 120 },
]

/** Id of a precinct by its place, from 0. */
export const precinctId = (index: number): string => `P${String(index + 1).padStart(5, '0')}`
