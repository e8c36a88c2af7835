import { languageReference } from '../src/publish/language-reference.ts'

/** docs/guide/definition-language.md: an introduction, and every key from the table of the language. */
export function definitionLanguagePage(): string {
  return `${INTRODUCTION}\n${languageReference()}\nThis page is made from \`src/exchange/language.ts\` by \`npm run docs\`.\n`
}

const INTRODUCTION = `# The definition language

An exchange is stated by the files of one folder, without programming. This page is for the people of a data office
who write and keep them.

\`\`\`
exchanges/visits/
  exchange.yaml        what is exchanged, code lists, formats
  types/visit.yaml     one file for each record type: fields, identity, rules
  codes/site.csv       long code lists
\`\`\`

Begin with an exchange that works, then change it:

\`\`\`
tributary exchange new visits
tributary exchange check visits
tributary check visits/samples/visits.csv --exchange visits
\`\`\`

\`tributary exchange check\` reads all files and tells every problem at once, each with its file and line and what to
do about it. An exchange with any problem is not used.

## A field

\`\`\`yaml
fields:
  - no: 12
    name: officer_uid
    label: Officer's unique id
    type: text
    length: [9, 9]
    pattern: '[A-Za-z0-9]{9}'
    required: true
    path: Officer.UID
\`\`\`

- \`no\` is permanent. Records are compared by it, so a field may get another name but never another number, and the
  number of a field that is gone is never used again.
- \`name\` is what rules and queries say. \`path\` is where JSON and XML hold the value, \`column\` where CSV and
  spreadsheets do.
- \`type\` is \`text\`, \`integer\`, \`decimal\`, \`date\`, \`time\`, \`datetime\`, \`boolean\`, \`code\` or \`group\`. A group has
  \`fields\` of its own; with \`many\` it is a list.
- \`severity\` says what a wrong value does: \`fatal\` refuses the record, \`error\` stores it with errors, \`warning\` and
  \`info\` store it clean and say so.
- Nothing, an empty text and an empty list all mean that the value is absent.

## Rules

A rule says what must hold. It is written in CEL (Common Expression Language):

\`\`\`yaml
rules:
  - id: V100
    title: A film is lent for a week at most
    each: loans
    when: "it.kind == 'F' && has(it.days)"
    check: it.days <= 7
    blames: [days]
    message: A film may be lent for 7 days at most, not {days}.
\`\`\`

| Word | Meaning |
|---|---|
| \`record\` | the whole record |
| \`it\` | the item of the list in \`each\`; the record where there is none |
| \`parent\` | what \`it\` stands in |
| \`today\` | the day of receipt in the exchange's zone, as text (\`'2026-01-31'\`) |
| \`current\` | the stored record (only with \`needs: current\`) |
| \`has(it.x)\` | the value is there |
| \`size\`, \`exists\`, \`all\`, \`exists_one\`, \`filter\`, \`map\`, \`in\` | of lists; an absent list is empty |
| \`startsWith\`, \`endsWith\`, \`contains\`, \`matchesRe(text, pattern)\` | of texts; patterns are RE2 |
| \`inList(code, 'list')\` | the code is in that list on the effective date |
| \`daysBetween(a, b)\`, \`addDays(date, n)\`, \`yearOf(date)\` | of dates |
| \`int\`, \`double\`, \`string\` | make one of the other |

Codes, dates and times are texts: dates compare as \`'2024-01-01' <= it.day\`. Every comparison with an absent value is
false, except \`!=\`. A rule that reads a value which could not be understood is passed over, since that value has a
finding already. Expressions are checked when the exchange is loaded: a field that does not exist, or a number compared
with a text, is a problem with its line.

## Records that refer to others

\`\`\`yaml
fields:
  - no: 4
    name: precinct
    type: text
    reference: { type: precinct, exchange: precinct, on_missing: wait, on_delete: restrict }
references:                      # where the key of the other record has several fields
  - { name: voter, type: voter, key: [county, voter_id], on_delete: cascade }
sync: { changed: reject, missing: keep }
\`\`\`

- A reference holds the key of the other record. In a list, each item refers. Where a part of the key is absent, nothing
  is referred to.
- \`on_missing\` says what becomes of a record whose target is not there. With \`wait\` it is stored with an error, which
  disappears in a new version of the record when the target comes, whichever file or call brings it. Records earlier
  in the same file count; those of types that others refer to are best sent first.
- \`on_delete\` says what deleting the target does. \`cascade\` takes the record with it, with history, counted apart.
- The target may be of another exchange: the sender's own records there, live or test as these are, or the centre's
  where the centre owns that exchange.
- A full refresh deletes what refers before what is referred to. What is still needed stays, and a finding says so.
- \`sync\` says what becomes of new, changed and missing records: upsert by default, insert only with
  \`changed: reject\`. \`refresh.within\` lets a refresh replace single sets, such as one election.
- The operation \`rename\` gives a record another key; \`identity.former\` names the fields that hold the one it had. The
  former key still finds the record.
- Whether a target is there only the centre can tell: \`tributary check\` lists these checks and does not make them.

## What YAML may be used for

Quotes are needed only where YAML itself needs them: around texts that begin with a special mark or hold \`: \` or \` #\`.
A text that looks like a number (\`01\`) or a date stays the text it is. Anchors, aliases and tags are left out: a
definition says everything in the place where it counts.

In the tables below, keys in bold are required.
`
