import type { DemoPerson, DemoStop } from './demo-stop-forms.ts'

export interface StopOptions {
  /** Same options, same stops, on every machine. */
  readonly seed: number
  readonly count: number
  readonly ori: string
  /** Share of stops (0 to 1) with one planted fault of the kinds in `FAULT_KINDS`; default none. */
  readonly faults?: number
  readonly version?: 'v1' | 'v2'
  /** Number of the first stop, so that a second call continues a first without duplicates; default 1. */
  readonly firstNumber?: number
  /** ISO date of the earliest stop, and over how many days stops are spread (default 60). */
  readonly firstDay?: string
  readonly days?: number
}

const OFFICERS = 250
/** Prime to every number of minutes that is a multiple of 1440, so that no officer has two stops at once. */
const MINUTE_STEP = 7919

/**
 * Invented stops, clean except for the planted share of faults: about 1.08 persons a stop and 1.65 actions a
 * person, as in published extracts. Codes come from the sample tables of `exchanges/ripa`. Nobody is meant.
 */
export function* generateStops(options: StopOptions): Generator<DemoStop> {
  const version = options.version ?? 'v2'
  const random = randomFrom(options.seed)
  const days = calendar(
    options.firstDay ?? (version === 'v2' ? '2024-01-02' : '2023-01-02'),
    options.days ?? 60,
  )
  const first = options.firstNumber ?? 1
  // A duplicate repeats a stop that does not stand beside it: in a flat file two rows with one key that stand
  // together are two persons of one stop.
  let latest: DemoStop | null = null
  let donor: DemoStop | null = null
  for (let number = first; number < first + options.count; number++) {
    const faulty = random() < (options.faults ?? 0)
    const stop = makeStop(version, options.ori, number, days, random)
    if (faulty) {
      if (plantFault(stop, donor, random)) donor = null
    } else {
      donor = latest
      latest = stop
    }
    yield stop
  }
}

type Random = () => number

/** mulberry32: small, fast and good enough for invented data. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function calendar(firstDay: string, days: number): string[] {
  const start = Date.parse(`${firstDay}T00:00:00Z`)
  return Array.from({ length: days }, (_, day) => {
    const iso = new Date(start + day * 86_400_000).toISOString()
    return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`
  })
}

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!
const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))
const yes = (random: Random, share: number): 'Y' | 'N' => (random() < share ? 'Y' : 'N')
const two = (value: number): string => String(value).padStart(2, '0')

const CITIES = ['ALDER FLAT', 'AMBER VALLEY', 'BELL MESA', 'CEDAR JUNCTION', 'FERN COVE', 'GRANITE PASS']
const STREETS = ['Alder St', 'Mill Rd', 'Harbor Dr', 'W 3rd St', 'Orchard Ave', 'Quarry Ln', 'Cedar Blvd']
const HIGHWAYS = ['State Route 299', 'Interstate 505', 'US 395']
const SCHOOLS = ['00991000000017', '00991000000030', '00991000000043']
const TRAFFIC_CODES = ['81001', '81004', '81007', '81010', '81013', '81016', '81022', '81025', '81040']
const CRIME_CODES = ['82001', '82004', '82007', '82019', '82022', '82031', '82034', '83001', '83007']
const TRAFFIC_TEXTS = [
  'Went through a red signal at the crossing.',
  'Drove well above the posted speed.',
  'Tail lamp was dark on the left side.',
  'Registration tab was out of date.',
  'Held a telephone while driving.',
  'Changed lanes without a signal.',
]
const SUSPICION_TEXTS = [
  'Seen trying several car doors.',
  'Fits the witness description of the runner.',
  'Carried a bolt cutter at a closed yard.',
  'Handed over small packages at the corner.',
]
const SEARCH_TEXTS = [
  'Reached toward the waistband twice.',
  'Bag with pills visible on the seat.',
  'Searched after the arrest.',
]

function makeStop(
  version: DemoStop['version'],
  ori: string,
  number: number,
  days: readonly string[],
  random: Random,
): DemoStop {
  const officer = number % OFFICERS
  const minutes = days.length * 1440
  const minute = (Math.floor(number / OFFICERS) * MINUTE_STEP + officer * 31) % minutes
  const atSchool = random() < 0.005
  const stop: DemoStop = {
    version,
    fault: null,
    ori,
    leaRecordId: `${ori.slice(-4)}-${String(number).padStart(8, '0')}`,
    transaction: 'I',
    closes: false,
    date: days[Math.floor(minute / 1440)]!,
    time: `${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}`,
    minutes: String(between(random, 4, 45)),
    stopType: random() < 0.86 ? '1' : random() < 0.8 ? '3' : '2',
    callForService: yes(random, 0.09),
    welfareCheck: yes(random, 0.02),
    officer: {
      uid: String(100_000_000 + officer * 37),
      years: String(1 + (officer % 30)),
      assignment: officer % 40 === 0 ? '10' : officer % 17 === 0 ? '6' : '1',
      assignmentOther: officer % 40 === 0 ? 'Harbor patrol' : '',
      race: [String(1 + (officer % 7))],
      nonPrimary: 'N',
    },
    location: makeLocation(version, atSchool, random),
    persons: [],
  }
  const persons = random() < 0.93 ? 1 : random() < 0.86 ? 2 : 3
  for (let pid = 1; pid <= persons; pid++)
    stop.persons.push(makePerson(version, pid, stop.stopType === '1', atSchool, random))
  return stop
}

function makeLocation(version: DemoStop['version'], atSchool: boolean, random: Random): DemoStop['location'] {
  const location: DemoStop['location'] = {
    kind: pick(random, ['2', '2', '2', '3', '3', '4', '1', '5']),
    text: '',
    latitude: '',
    longitude: '',
    block: '',
    street: '',
    cross: ['', ''],
    highway: '',
    exit: '',
    city: pick(random, CITIES),
    k12: atSchool ? 'Y' : '',
    school: atSchool ? pick(random, SCHOOLS) : '',
  }
  const street = pick(random, STREETS)
  const block = `${between(random, 1, 89)}00`
  if (version === 'v1') location.text = `${block} block of ${street}`
  else if (location.kind === '1') {
    location.latitude = `36.${between(random, 100, 999)}`
    location.longitude = `-119.${between(random, 100, 999)}`
  } else if (location.kind === '2') {
    location.block = block
    location.street = street
  } else if (location.kind === '3')
    location.cross = [street, pick(random, ['1st Ave', '2nd Ave', 'Depot Rd'])]
  else if (location.kind === '4') {
    location.highway = pick(random, HIGHWAYS)
    location.exit = `Exit ${between(random, 1, 60)}`
  } else location.text = `Foot path behind ${street}`
  return location
}

function makePerson(
  version: DemoStop['version'],
  pid: number,
  vehicular: boolean,
  atSchool: boolean,
  random: Random,
): DemoPerson {
  const traffic = vehicular && random() < 0.83
  const gender = random() < 0.994 ? (random() < 0.7 ? '1' : '2') : pick(random, ['3', '4'])
  const person: DemoPerson = {
    pid: String(pid),
    race:
      random() < 0.03
        ? ['2', '7']
        : [pick(random, ['1', '2', '2', '3', '3', '3', '3', '4', '5', '6', '7', '7', '7'])],
    age: String(between(random, atSchool ? 13 : 16, atSchool ? 18 : 72)),
    limitedEnglish: yes(random, 0.04),
    disability: [random() < 0.98 ? '8' : pick(random, ['1', '2', '3', '4', '5', '6'])],
    gender,
    nonbinary: random() < 0.002 ? '5' : '',
    lgbt: gender === '3' || gender === '4' ? 'Y' : yes(random, 0.01),
    orientation: random() < 0.02 ? '1' : '2',
    unhoused: yes(random, 0.04),
    passenger: vehicular && pid > 1 ? 'Y' : 'N',
    residence: 'N',
    student: atSchool ? yes(random, 0.8) : '',
    reason: '1',
    narrative: '',
    trafficType: '',
    trafficCode: '',
    suspicion: [],
    suspicionCode: '',
    probableCause: [],
    probableCode: '',
    reasonGiven: [],
    actions: [],
    force: ['18'],
    searchBasis: [],
    consentType: '',
    searchNarrative: '',
    seizureBasis: [],
    propertyTypes: [],
    contraband: ['1'],
    results: [],
  }
  giveReason(person, version, traffic, random)
  takeActions(person, version, traffic ? random() * 0.93 : 0.35 + random() * 0.65, random)
  return person
}

function giveReason(
  person: DemoPerson,
  version: DemoStop['version'],
  traffic: boolean,
  random: Random,
): void {
  const share = random()
  if (traffic) {
    person.trafficType = pick(random, ['1', '1', '2', '3'])
    person.trafficCode = pick(random, TRAFFIC_CODES)
    person.narrative = pick(random, TRAFFIC_TEXTS)
    person.reasonGiven = [person.trafficType]
    return
  }
  person.narrative = pick(random, SUSPICION_TEXTS)
  if (share < 0.6 || version === 'v1') {
    person.reason = '2'
    person.suspicion = [pick(random, ['1', '2', '3', '4', '5', '7', '9'])]
    person.suspicionCode = pick(random, CRIME_CODES)
    person.reasonGiven = ['13']
  } else if (share < 0.85) {
    person.reason = '9'
    person.probableCause = [pick(random, ['1', '3', '8'])]
    person.probableCode = pick(random, CRIME_CODES)
    person.reasonGiven = ['14']
  } else {
    person.reason = share < 0.95 ? '4' : '3'
    person.narrative = share < 0.95 ? 'Known to be wanted on a warrant.' : 'Known to be on probation.'
    person.reasonGiven = [share < 0.95 ? '17' : '16']
  }
}

const ACTIONS = {
  v1: { none: '24', removed: '1', curb: '4', car: '6', search: '18', property: '20', seize: '21' },
  v2: { none: '18', removed: '11', curb: '6', car: '8', search: '14', property: '15', seize: '12' },
} as const

/** Actions, search, seizure and results that fit together; `intensity` 0 to 1 says how far the stop went. */
function takeActions(
  person: DemoPerson,
  version: DemoStop['version'],
  intensity: number,
  random: Random,
): void {
  const codes = ACTIONS[version]
  const act = (code: string) => person.actions.push({ code, consent: 'na' })
  const offence = person.trafficCode || pick(random, CRIME_CODES)
  if (intensity < 0.68) {
    act(codes.none)
    const warning = version === 'v1' ? '2' : pick(random, ['14', '15'])
    const result = person.reason === '1' ? (random() < 0.55 ? '3' : warning) : '7'
    person.results = [{ code: result, offences: result === '7' ? [] : [offence] }]
    return
  }
  act(codes.curb)
  if (intensity < 0.8) {
    if (random() < 0.7) act(person.reason === '1' ? codes.removed : codes.car)
    person.results = [random() < 0.5 ? { code: '7', offences: [] } : { code: '4', offences: [offence] }]
    return
  }
  act(codes.car)
  act(codes.search)
  if (random() < 0.5) act(codes.property)
  if (version === 'v2' && random() < 0.3) person.force = ['1']
  person.searchNarrative = pick(random, SEARCH_TEXTS)
  const arrest = random() < 0.5
  person.searchBasis = [arrest ? '10' : pick(random, ['2', '5', '6', '9'])]
  person.results = [{ code: arrest ? '6' : '4', offences: [offence] }]
  if (random() < 0.3) {
    act(codes.seize)
    person.seizureBasis = ['3']
    person.propertyTypes = ['4']
    person.contraband = ['5']
  }
}

/** What is planted: the name tells it, the finding is what the checks make of it. */
export const FAULT_KINDS = {
  'narrative missing': 'F045R',
  'race code unknown': 'F031C',
  'city unknown': 'F022C',
  'offence code missing': 'R13A',
  'evidence seized but none found': 'RV289',
  'search without basis': 'R07A',
  'officer id of eight characters': 'DV007',
  'date not in the calendar': 'DV013',
  'record id used before': 'DV236',
  'officer, date and time used before': 'DV004',
  'telephone number in narrative': 'R18C',
} as const

const FAULT_NAMES = Object.keys(FAULT_KINDS) as (keyof typeof FAULT_KINDS)[]

/** Plants one fault; true when it took `donor`'s identity. */
function plantFault(stop: DemoStop, donor: DemoStop | null, random: Random): boolean {
  const drawn = pick(random, FAULT_NAMES)
  const repeats = drawn.endsWith('used before')
  const name = donor === null && repeats ? 'narrative missing' : drawn
  const person = stop.persons[0]!
  stop.fault = name
  if (name === 'narrative missing') person.narrative = ''
  else if (name === 'race code unknown') person.race = ['9']
  else if (name === 'city unknown') stop.location.city = 'ALDERFLAT'
  else if (name === 'offence code missing') person.results = [{ code: '4', offences: [] }]
  else if (name === 'officer id of eight characters') stop.officer.uid = stop.officer.uid.slice(1)
  else if (name === 'date not in the calendar') stop.date = `02/30/${stop.date.slice(6)}`
  else if (name === 'telephone number in narrative') person.narrative = 'Gave 555-201-3344 as number.'
  else if (name === 'record id used before') stop.leaRecordId = donor!.leaRecordId
  else if (name === 'officer, date and time used before') {
    stop.officer = donor!.officer
    stop.date = donor!.date
    stop.time = donor!.time
  } else plantInActions(stop, person, name)
  return repeats && donor !== null
}

function plantInActions(stop: DemoStop, person: DemoPerson, name: string): void {
  const codes = ACTIONS[stop.version]
  const seizes = name === 'evidence seized but none found'
  person.actions = [{ code: seizes ? codes.seize : codes.search, consent: 'na' }]
  person.searchBasis = []
  person.searchNarrative = ''
  person.results = [{ code: '7', offences: [] }]
  person.seizureBasis = seizes ? ['3'] : []
  person.propertyTypes = seizes ? ['4'] : []
  person.contraband = ['1']
}
