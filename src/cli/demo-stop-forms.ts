import type { RawTree } from '../exchange/parcel.ts'

/** An invented stop in neutral form, before it is written as JSON or as rows. Every value as on the wire. */
export interface DemoStop {
  version: 'v1' | 'v2'
  /** What was planted to be found, or null: the stop is meant to be clean. */
  fault: string | null
  ori: string
  leaRecordId: string
  transaction: 'I' | 'U'
  closes: boolean
  date: string
  time: string
  minutes: string
  stopType: string
  callForService: string
  welfareCheck: string
  officer: {
    uid: string
    years: string
    assignment: string
    assignmentOther: string
    race: string[]
    nonPrimary: string
  }
  location: {
    kind: string
    text: string
    latitude: string
    longitude: string
    block: string
    street: string
    cross: [string, string]
    highway: string
    exit: string
    city: string
    k12: string
    school: string
  }
  persons: DemoPerson[]
}

export interface DemoPerson {
  pid: string
  race: string[]
  age: string
  limitedEnglish: string
  disability: string[]
  gender: string
  nonbinary: string
  lgbt: string
  orientation: string
  unhoused: string
  passenger: string
  residence: string
  student: string
  reason: string
  narrative: string
  trafficType: string
  trafficCode: string
  suspicion: string[]
  suspicionCode: string
  probableCause: string[]
  probableCode: string
  reasonGiven: string[]
  actions: { code: string; consent: string }[]
  force: string[]
  searchBasis: string[]
  consentType: string
  searchNarrative: string
  seizureBasis: string[]
  propertyTypes: string[]
  contraband: string[]
  results: { code: string; offences: string[] }[]
}

/** The stop as SDCS writes it in JSON: every scalar a text, lists wrapped twice, absent values "" or []. */
export function stopTree(stop: DemoStop): RawTree {
  const { officer, location } = stop
  const v2 = stop.version === 'v2'
  const person = v2 ? personTreeV2 : personTreeV1
  return {
    LEARecordID: stop.leaRecordId,
    BatchID: '',
    ORI: stop.ori,
    TX_Type: stop.transaction,
    Is_NFIA: stop.closes ? 'Y' : '',
    SDate: stop.date,
    STime: stop.time,
    SDur: stop.minutes,
    ...(v2 ? { StopType: stop.stopType } : {}),
    Is_ServCall: stop.callForService,
    ...(v2 ? { Is_WelfareCheck: stop.welfareCheck } : {}),
    Officer: {
      UID: officer.uid,
      Proxy: '',
      ExpYears: officer.years,
      AT: officer.assignment,
      ATOth: officer.assignmentOther,
      ...(v2 ? { ListOfficerEth: { OfficerEth: officer.race }, NonPrimaryAgency: officer.nonPrimary } : {}),
    },
    Location: {
      ...(v2
        ? {
            LocationType: location.kind,
            Latitude: location.latitude,
            Longitude: location.longitude,
            BlockNumber: location.block,
            StreetName: location.street,
            CrossStreet1: location.cross[0],
            CrossStreet2: location.cross[1],
            Highway: location.highway,
            ClosestExit: location.exit,
            OtherLocation: location.kind === '5' ? location.text : '',
          }
        : { Loc: location.text }),
      City: location.city,
      K12_Flag: location.k12,
      K12Code: location.school,
    },
    ListPerson_Stopped: { Person_Stopped: stop.persons.map(person) },
  }
}

function personTreeV2(person: DemoPerson): RawTree {
  return {
    PID: person.pid,
    Perc: {
      ...perceptionTree(person),
      Nonbinary_Person: person.nonbinary,
      SexualOrientation: person.orientation,
      Is_Unhoused: person.unhoused,
    },
    Is_Passenger: person.passenger,
    Is_Residence: person.residence,
    Is_Stud: person.student,
    PrimaryReason: {
      ...reasonTree(person),
      ListProb_T: { Prob_T: person.probableCause },
      Prob_O_CD: person.probableCode,
      ListStReas_Given: { StReas_Given: person.reasonGiven },
    },
    ListNonForceActTak: {
      NonForceActTak: person.actions.map(({ code, consent }) => ({
        NonForceAct_CD: code,
        NonForceConsent: consent,
      })),
    },
    ListForceActTak: { ForceActTak: person.force },
    ListBasSearch: { BasSearch: person.searchBasis },
    ConsentType: person.consentType,
    ...endTree(person),
  }
}

function personTreeV1(person: DemoPerson): RawTree {
  return {
    PID: person.pid,
    Perc: { ...perceptionTree(person), GendNC: person.nonbinary, LGBT: person.lgbt },
    Is_Stud: person.student,
    PrimaryReason: reasonTree(person),
    ListActTak: {
      ActTak: person.actions.map(({ code, consent }) => ({ Act_CD: code, Is_Con: consent })),
    },
    ListBasSearch: { BasSearch: person.searchBasis },
    ...endTree(person),
  }
}

function perceptionTree(person: DemoPerson): RawTree {
  return {
    ListEthn: { Ethn: person.race },
    Age: person.age,
    Is_LimEng: person.limitedEnglish,
    ListDisb: { Disb: person.disability },
    Gend: person.gender,
  }
}

function reasonTree(person: DemoPerson): RawTree {
  return {
    StReas: person.reason,
    StReas_N: person.narrative,
    Tr_ID: person.trafficType,
    Tr_O_CD: person.trafficCode,
    ListSusp_T: { Susp_T: person.suspicion },
    Susp_O_CD: person.suspicionCode,
    EDU_sec_CD: '',
    EDU_subDiv_CD: '',
  }
}

function endTree(person: DemoPerson): RawTree {
  return {
    BasSearch_N: person.searchNarrative,
    ListBasSeiz: { BasSeiz: person.seizureBasis },
    ListPropType: { PropType: person.propertyTypes },
    ListCB: { Cb: person.contraband },
    ListResult: {
      Result: person.results.map(({ code, offences }) => ({ ResCD: code, Res_O_CD: offences })),
    },
  }
}

const STOP_COLUMNS =
  'LEARecordID|ORI|TX_Type|Is_NFIA|SDate|STime|SDur|Is_ServCall|UID|ExpYears|AT|ATOth|City|K12_Flag|K12Code'
const STOP_COLUMNS_V2 =
  'StopType|Is_WelfareCheck|OfficerEth|NonPrimaryAgency|LocationType|Latitude|Longitude|BlockNumber' +
  '|StreetName|CrossStreet1|CrossStreet2|Highway|ClosestExit|OtherLocation'
const PERSON_COLUMNS =
  'PID|Ethn|Age|Is_LimEng|Disb|Gend|Is_Stud|StReas|StReas_N|Tr_ID|Tr_O_CD|Susp_T|Susp_O_CD|BasSearch' +
  '|BasSearch_N|BasSeiz|PropType|Cb|Result'
const PERSON_COLUMNS_V2 =
  'Nonbinary_Person|SexualOrientation|Is_Unhoused|Is_Passenger|Is_Residence|Prob_T|Prob_O_CD|StReas_Given' +
  '|NonForceActTak|ForceActTak|ConsentType'

/** The header of the flat layout (docs/decisions/0102-ripa-layout.md); `stopRows` gives cells in this order. */
export function stopHeader(version: DemoStop['version']): string[] {
  const columns =
    version === 'v2'
      ? [STOP_COLUMNS, STOP_COLUMNS_V2, PERSON_COLUMNS, PERSON_COLUMNS_V2]
      : [STOP_COLUMNS, 'Loc', PERSON_COLUMNS, 'GendNC|LGBT|ActTak']
  return columns.join('|').split('|')
}

/** The stop as rows of cells, one for each person; cells of the stop are repeated on every row. */
export function stopRows(stop: DemoStop): string[][] {
  const { officer, location } = stop
  const cells = [stop.leaRecordId, stop.ori, stop.transaction, stop.closes ? 'Y' : '', stop.date, stop.time]
  cells.push(stop.minutes, stop.callForService, officer.uid, officer.years, officer.assignment)
  cells.push(officer.assignmentOther, location.city, location.k12, location.school)
  if (stop.version === 'v2') {
    cells.push(stop.stopType, stop.welfareCheck, officer.race.join(';'), officer.nonPrimary, location.kind)
    cells.push(location.latitude, location.longitude, location.block, location.street)
    cells.push(location.cross[0], location.cross[1], location.highway, location.exit)
    cells.push(location.kind === '5' ? location.text : '')
  } else cells.push(location.text)
  return stop.persons.map((person) => [...cells, ...personCells(person, stop.version)])
}

function personCells(person: DemoPerson, version: DemoStop['version']): string[] {
  const actions = person.actions.map(({ code, consent }) => `${code},${consent}`).join(';')
  const cells = [person.pid, person.race.join(';'), person.age, person.limitedEnglish]
  cells.push(person.disability.join(';'), person.gender, person.student, person.reason, person.narrative)
  cells.push(person.trafficType, person.trafficCode, person.suspicion.join(';'), person.suspicionCode)
  cells.push(person.searchBasis.join(';'), person.searchNarrative, person.seizureBasis.join(';'))
  cells.push(person.propertyTypes.join(';'), person.contraband.join(';'))
  cells.push(person.results.map(({ code, offences }) => [code, ...offences].join(',')).join(';'))
  if (version === 'v2') {
    cells.push(person.nonbinary, person.orientation, person.unhoused, person.passenger, person.residence)
    cells.push(person.probableCause.join(';'), person.probableCode, person.reasonGiven.join(';'))
    cells.push(actions, person.force.join(';'), person.consentType)
  } else cells.push(person.nonbinary, person.lgbt, actions)
  return cells
}
