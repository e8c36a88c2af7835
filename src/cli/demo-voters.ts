import { DEMO_TOWNS, precinctCount, precinctId } from './demo-precincts.ts'
import type { DemoStatus, DemoVoter } from './demo-voter-forms.ts'

export interface VoterOptions {
  /** Same options, same voters, on every machine. */
  readonly seed: number
  /** Voters that the county has on night 0. */
  readonly count: number
  /** `01` to `58`. */
  readonly county: string
  /** Precincts of the county; default one for 900 voters. */
  readonly precincts?: number
  /** Share of voters (0 to 1) with one planted fault of the kinds in `VOTER_FAULTS`; default none. */
  readonly faults?: number
  /** How many nights have passed since the first file; each changes, removes and adds voters. Default 0. */
  readonly night?: number
  /** Shares of the voters that a night changes and removes; default 0.01 and 0.001. As many come as go. */
  readonly changedShare?: number
  readonly removedShare?: number
}

/**
 * Invented voters of a county, one after the other in constant memory. Each depends on the seed and its number alone,
 * so the file of any night is made without those before. Nobody is meant.
 */
export function* generateVoters(options: VoterOptions): Generator<DemoVoter> {
  const { count, night = 0, removedShare = 0.001 } = options
  const comeEachNight = Math.round(count * removedShare)
  const known = count + night * comeEachNight
  for (let number = 1; number <= known; number += 1) {
    const cameIn = number <= count ? 0 : Math.ceil((number - count) / Math.max(1, comeEachNight))
    const fate = fateOf(options, number, cameIn)
    if (fate !== null) yield makeVoter(options, number, fate)
  }
}

type Random = () => number

/** mulberry32 over a mix of the seed and what is drawn for. */
function randomFor(seed: number, number: number, purpose: number): Random {
  let state =
    (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35) ^ (purpose * 0x27d4eb2f)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Nights on which the voter was changed; null: removed by now. */
function fateOf(options: VoterOptions, number: number, cameIn: number): readonly number[] | null {
  const { seed, night = 0, changedShare = 0.01, removedShare = 0.001 } = options
  const changed: number[] = []
  for (let at = cameIn + 1; at <= night; at += 1) {
    const drawn = randomFor(seed, number, at)()
    if (drawn < removedShare) return null
    if (drawn < removedShare + changedShare) changed.push(at)
  }
  return changed
}

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!
const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))
const digits = (random: Random, count: number): string =>
  String(Math.floor(random() * 10 ** count)).padStart(count, '0')

const NAME_STARTS =
  'Alder,Amber,Ash,Bell,Birch,Briar,Cedar,Clay,Cliff,Dale,Elm,Fern,Field,Glen,Grove,Hazel,Heath,Holm'
    .concat(
      ',Iron,Juniper,Kestrel,Lake,Linden,Maple,Marsh,Mill,Moor,Oak,Orchard,Pine,Quarry,Reed,Ridge,Rowan,Sage,Stone',
    )
    .split(',')
const NAME_ENDS =
  'berg,by,dale,den,er,ford,gate,ham,hurst,ing,ke,land,ley,low,man,mere,mont,more,sen,son,stead,ton,wood,worth'.split(
    ',',
  )
const FIRST_NAMES =
  'Ada,Alma,Amos,Anouk,Bao,Basil,Beryl,Caio,Cleo,Dara,Dimas,Edda,Elio,Esme,Farid,Fay,Gus,Hana,Hugo,Ida'
    .concat(
      ',Imke,Inez,Ivo,Jora,Juno,Kai,Kenji,Lars,Leda,Linh,Lupe,Mara,Milo,Nadia,Nils,Noor,Olek,Otto,Pia,Quinn,Rafa,Rosa',
    )
    .concat(',Sana,Sol,Tam,Thea,Tomas,Uma,Vera,Wen,Xochitl,Yara,Yusuf,Zeno')
    .split(',')
const STREETS =
  'Alder,Almond,Bay,Canyon,Cedar,Depot,Elm,Granite,Harbor,Hill,Lake,Main,Mill,Mission,Oak,Orchard,Park,Quarry'
    .concat(',River,School,Spring,Summit,Valley,Vineyard,Walnut,Willow')
    .split(',')
const STREET_TYPES = ['ST', 'ST', 'AVE', 'AVE', 'RD', 'LN', 'DR', 'CT', 'BLVD', 'WAY']
const PARTIES = [
  'DEM',
  'DEM',
  'DEM',
  'DEM',
  'REP',
  'REP',
  'NPP',
  'NPP',
  'NPP',
  'AI',
  'GRN',
  'LIB',
  'PF',
  'OTH',
]
const LANGUAGES = ['en', 'en', 'en', 'en', 'en', 'en', 'es', 'es', 'zh', 'vi', 'ko', 'fil']
const METHODS = ['DMV', 'DMV', 'DMV', 'ONLINE', 'ONLINE', 'MAIL', 'OFFICE', 'DRIVE']
const INACTIVE = ['I-MAIL', 'I-NOREPLY', 'I-NCOA']
const CANCELLED = ['C-DEATH', 'C-MOVED', 'C-TRANSFER', 'C-REQUEST', 'C-DUPLICATE', 'C-INACTIVE']
const PENDING = ['P-INCOMPLETE', 'P-SIGNATURE', 'P-VERIFY']
const DECLINED = ['D-DEFICIENT', 'D-CITIZEN', 'D-OPTOUT']

/** Days from 1 January 1920 as ISO dates: cheaper to look up than to make. */
const DAYS = Array.from({ length: 39_000 }, (_, day) =>
  new Date(Date.UTC(1920, 0, 1 + day)).toISOString().slice(0, 10),
)
const YEAR = 365.25
/** 1 January 1990 and 30 June 2024: registrations lie between. */
const FIRST_REGISTRATION = 25_567
const LAST_REGISTRATION = 38_166
/** 1 July 2024, the day before night 1. */
const NIGHT_ZERO = 38_167

function makeVoter(options: VoterOptions, number: number, changed: readonly number[]): DemoVoter {
  const random = randomFor(options.seed, number, 0)
  const registered = between(random, FIRST_REGISTRATION, LAST_REGISTRATION)
  const born = registered - Math.floor((18 + random() * 50) * YEAR) - 2
  const statuses = statusesOf(random, registered)
  const status = statuses.pop()!
  const values: DemoVoter['values'] = {
    CountyCode: options.county,
    EmsVoterId: String(1_000_000 + number),
    RegistrantID: `${options.county}${String(number).padStart(8, '0')}`,
    Origin: 'REGISTER',
    LastName: pick(random, NAME_STARTS) + pick(random, NAME_ENDS),
    FirstName: pick(random, FIRST_NAMES),
    MiddleName: random() < 0.6 ? pick(random, FIRST_NAMES) : '',
    Suffix: random() < 0.02 ? 'Jr' : '',
    DOB: DAYS[Math.max(0, born)]!,
    PlaceOfBirth: pick(random, ['CA', 'CA', 'CA', 'OR', 'NV', 'TX', 'NY', 'Mexico', 'Vietnam']),
    Gender: pick(random, ['F', 'F', 'M', 'M', 'U', 'X']),
    ...placeOf(random, options, number),
    ...mailingOf(random),
    Email: random() < 0.4 ? `voter${options.county}${number}@example.org` : '',
    Language: pick(random, LANGUAGES),
    PartyCode: pick(random, PARTIES),
    VbmVoterType: pick(random, ['PERMANENT', 'PERMANENT', 'PERMANENT', 'NONE']),
    AssistanceRequestFlag: random() < 0.01 ? 'Y' : 'N',
    Status: status.status,
    StatusDate: status.date,
    VoterStatusReasonCode: status.reason,
    RegistrationDate: DAYS[registered]!,
    RegistrationMethodCode: pick(random, METHODS),
    CitizenFlag: 'Y',
    DriversLicense: `X${digits(random, 7)}`,
    Ssn4: digits(random, 4),
    IdVerification: status.status === 'Pending' ? 'PENDING' : 'VERIFIED',
  }
  const phones = random() < 0.7 ? [`${between(random, 209, 951)}555${digits(random, 4)}`] : []
  const voter: DemoVoter = { number, fault: null, values, phones, history: statuses }
  for (const night of changed) change(voter, night, options)
  if (random() < (options.faults ?? 0)) plantFault(voter, random)
  return voter
}

/** The statuses of a voter, oldest first; the last is the present one. */
function statusesOf(random: Random, registered: number): DemoStatus[] {
  const share = random()
  const start = DAYS[registered]!
  const later = Math.min(registered + between(random, 100, 4000), LAST_REGISTRATION)
  if (share < 0.01) return [{ status: 'Pending', date: start, reason: pick(random, PENDING) }]
  const pending = { status: 'Pending', date: start, reason: 'P-NEW' }
  const settled = DAYS[registered + 1]!
  if (share < 0.015) return [pending, { status: 'Declined', date: settled, reason: pick(random, DECLINED) }]
  const active = { status: 'Active', date: settled, reason: 'A-NEW' }
  if (share < 0.885) return [pending, active]
  const after = DAYS[Math.max(later, registered + 1)]!
  if (share < 0.965)
    return [pending, active, { status: 'Inactive', date: after, reason: pick(random, INACTIVE) }]
  return [pending, active, { status: 'Cancelled', date: after, reason: pick(random, CANCELLED) }]
}

function placeOf(random: Random, options: VoterOptions, number: number) {
  const precinct = Math.imul(number, 7919) >>> 0
  const unit = random() < 0.3
  return {
    AddressNumber: String(between(random, 1, 9999)),
    StreetDirPrefix: random() < 0.1 ? pick(random, ['N', 'S', 'E', 'W']) : '',
    StreetName: pick(random, STREETS),
    StreetType: pick(random, STREET_TYPES),
    UnitType: unit ? 'APT' : '',
    UnitNumber: unit ? String(between(random, 1, 400)) : '',
    City: DEMO_TOWNS[(precinct + Number(options.county)) % DEMO_TOWNS.length]!,
    State: 'CA',
    Zip: `9${options.county}${digits(random, 2)}`,
    PrecinctId: precinctId(precinct % precinctCount(options)),
  }
}

function mailingOf(random: Random) {
  const other = random() < 0.08
  return {
    MailingAddressLine1: other ? `PO Box ${between(random, 1, 9000)}` : '',
    MailingCity: other ? pick(random, DEMO_TOWNS) : '',
    MailingState: other ? 'CA' : '',
    MailingZip5: other ? `9${digits(random, 4)}` : '',
  }
}

/** What a night does to a voter: most move, some change the party, the telephone or the status. */
function change(voter: DemoVoter, night: number, options: VoterOptions): void {
  const random = randomFor(options.seed, voter.number, 1_000_000 + night)
  const { values } = voter
  const share = random()
  if (share < 0.4) {
    Object.assign(values, placeOf(random, options, voter.number))
    // A move is always seen, also where the dice fall as before.
    values.AddressNumber = String(10_000 + night)
  } else if (share < 0.6) values.PartyCode = values.PartyCode === 'NPP' ? 'DEM' : 'NPP'
  else if (share < 0.8)
    voter.phones = [`510555${String(night % 10_000).padStart(4, '0')}`, ...voter.phones].slice(0, 4)
  else {
    const { Status: status, StatusDate: date, VoterStatusReasonCode: reason } = values
    voter.history = [...voter.history, { status, date, reason }]
    const active = status !== 'Active'
    values.Status = active ? 'Active' : 'Inactive'
    values.VoterStatusReasonCode = active ? 'A-CONFIRMED' : pick(random, INACTIVE)
    values.StatusDate = DAYS[Math.min(NIGHT_ZERO + night, DAYS.length - 1)]!
  }
}

/** What is planted: the name tells it, the finding is what the checks make of it. */
export const VOTER_FAULTS = {
  'county that is none': 'F001C',
  'last name missing': 'F007R',
  'date not in the calendar': 'F011T',
  'party unknown': 'F037C',
  'reason of another status': 'VR101',
  'no residence': 'VR108',
  'ZIP code of four digits': 'F025P',
} as const

const FAULT_NAMES = Object.keys(VOTER_FAULTS) as (keyof typeof VOTER_FAULTS)[]

function plantFault(voter: DemoVoter, random: Random): void {
  const { values } = voter
  const drawn = pick(random, FAULT_NAMES)
  const settled = values.Status === 'Cancelled' || values.Status === 'Declined'
  const name = settled && drawn === 'no residence' ? 'last name missing' : drawn
  voter.fault = name
  if (name === 'county that is none') values.CountyCode = '59'
  else if (name === 'last name missing') values.LastName = ''
  else if (name === 'date not in the calendar') values.DOB = `${values.DOB.slice(0, 4)}-02-30`
  else if (name === 'party unknown') values.PartyCode = 'ZZZ'
  else if (name === 'reason of another status')
    values.VoterStatusReasonCode = values.Status === 'Active' ? 'C-DEATH' : 'A-NEW'
  else if (name === 'no residence') values.StreetName = ''
  else values.Zip = values.Zip.slice(0, 4)
}
