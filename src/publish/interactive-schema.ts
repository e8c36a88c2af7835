import { xmlText } from '../encode/xml.ts'
import type { Definition } from '../exchange/definition.ts'
import { type Interactive, type InteractiveType, offeredCalls } from './interactive.ts'
import { recordXsd } from './record-xsd.ts'

/** Records and messages that one answer holds at most. */
export const ANSWER_ITEMS_MAX = 100

/**
 * The XML Schema of an exchange's interactive interface: calls, answers and faults. A record that does not fit the
 * schema is still taken in and gets findings; elements may then stand in any order.
 */
export function interactiveSchema(definition: Definition, interactive: Interactive): string {
  const { namespace, types } = interactive
  const parts = [
    header(definition, namespace),
    SIMPLE_TYPES,
    typeNames(types),
    callXsd(definition, interactive),
    answerXsd(definition, types),
    FAULT,
    '</xs:schema>',
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parts.join('\n')}\n`
}

function header({ exchange, title, hash }: Definition, namespace: string): string {
  return (
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="${xmlText(namespace)}" ` +
    `targetNamespace="${xmlText(namespace)}" elementFormDefault="qualified">\n` +
    `<xs:annotation><xs:documentation>${xmlText(title)}: calls to the exchange ${exchange}, made from its ` +
    `definition ${hash.slice(0, 12)}.</xs:documentation></xs:annotation>`
  )
}

const SIMPLE_TYPES = `<xs:simpleType name="Empty"><xs:restriction base="xs:string"><xs:maxLength value="0"/></xs:restriction></xs:simpleType>
<xs:simpleType name="RealmName"><xs:restriction base="xs:string"><xs:enumeration value="live"/><xs:enumeration value="test"/></xs:restriction></xs:simpleType>
<xs:simpleType name="MessageType"><xs:restriction base="xs:string"><xs:enumeration value="status-change"/><xs:enumeration value="data-change"/><xs:enumeration value="transfer"/><xs:enumeration value="work-item"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Severity"><xs:restriction base="xs:string"><xs:enumeration value="fatal"/><xs:enumeration value="error"/><xs:enumeration value="warning"/><xs:enumeration value="info"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Status"><xs:restriction base="xs:string"><xs:enumeration value="submitted"/><xs:enumeration value="submitted-with-errors"/><xs:enumeration value="closed"/><xs:enumeration value="deleted"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Outcome"><xs:restriction base="xs:string"><xs:enumeration value="created"/><xs:enumeration value="updated"/><xs:enumeration value="unchanged"/><xs:enumeration value="deleted"/><xs:enumeration value="rejected"/><xs:enumeration value="filtered"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Limit"><xs:restriction base="xs:integer"><xs:minInclusive value="1"/><xs:maxInclusive value="${ANSWER_ITEMS_MAX}"/></xs:restriction></xs:simpleType>
<xs:complexType name="Finding"><xs:sequence>
<xs:element name="Code" type="xs:string"/><xs:element name="Severity" type="t:Severity"/><xs:element name="Field" type="xs:string"/>
<xs:element name="Path" type="xs:string"/><xs:element name="Item" type="xs:integer" minOccurs="0"/><xs:element name="Message" type="xs:string"/>
</xs:sequence></xs:complexType>`

const FAULT = `<xs:element name="Fault"><xs:complexType><xs:sequence>
<xs:element name="Code" type="xs:string"/><xs:element name="Message" type="xs:string"/>
<xs:element name="Retry"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="never"/><xs:enumeration value="later"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="Request" type="xs:string"/>
</xs:sequence></xs:complexType></xs:element>`

function typeNames(types: readonly InteractiveType[]): string {
  const values = types.map(({ type }) => `<xs:enumeration value="${type.name}"/>`).join('')
  return `<xs:simpleType name="RecordType"><xs:restriction base="xs:string">${values}</xs:restriction></xs:simpleType>`
}

function callXsd(definition: Definition, interactive: Interactive): string {
  const { types } = interactive
  const made: Readonly<Record<string, () => string>> = {
    Lookup: () => lookupXsd(types),
    Enter: () =>
      element(
        'Enter',
        records(
          definition,
          types.filter(({ enter }) => enter !== null),
        ),
      ),
    Update: () =>
      element(
        'Update',
        '<xs:element name="RecordId" type="xs:string" minOccurs="0"/>' +
          '<xs:element name="Version" type="xs:positiveInteger" minOccurs="0"/>' +
          records(
            definition,
            types.filter(({ update }) => update !== null),
          ),
      ),
    CorrectStatus: () => correctXsd(definition, types),
    Messages: () => MESSAGES,
    ClearMessages: () => CLEAR,
  }
  const choices = offeredCalls(interactive).map((name) => made[name]?.() ?? '')
  return `<xs:element name="Call"><xs:complexType><xs:sequence>
<xs:element name="IdempotencyKey" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[!-~]{1,255}"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="Realm" type="t:RealmName" minOccurs="0"/>
<xs:element name="Partner" type="xs:string" minOccurs="0"/>
<xs:choice>
${choices.join('\n')}
</xs:choice></xs:sequence></xs:complexType></xs:element>`
}

function element(name: string, content: string): string {
  return `<xs:element name="${name}"><xs:complexType><xs:sequence>${content}</xs:sequence></xs:complexType></xs:element>`
}

/** One record of one of these types. */
function records(definition: Definition, types: readonly InteractiveType[]): string {
  const each = types.map(
    ({ type, element: name }) =>
      `<xs:element name="${name}">${recordXsd(definition, type, 'entry')}</xs:element>`,
  )
  return each.length === 1 ? (each[0] ?? '') : `<xs:choice>${each.join('\n')}</xs:choice>`
}

function typeElement(types: readonly InteractiveType[]): string {
  return `<xs:element name="Type" type="t:RecordType" minOccurs="${types.length > 1 ? 1 : 0}"/>`
}

const RECORD_NAME = '<xs:element name="RecordId" type="xs:string"/><xs:element name="Key" type="xs:string"/>'

function lookupXsd(types: readonly InteractiveType[]): string {
  const names = [
    ...new Set(
      types.flatMap(({ type }) => type.fields.filter(({ search }) => search).map(({ name }) => name)),
    ),
  ]
  const values = names.map((name) => `<xs:enumeration value="${name}"/>`).join('')
  const where =
    names.length === 0
      ? ''
      : `<xs:element name="Where"><xs:complexType><xs:sequence><xs:element name="Field" maxOccurs="20"><xs:complexType><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="name" use="required"><xs:simpleType><xs:restriction base="xs:string">${values}</xs:restriction></xs:simpleType></xs:attribute></xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>`
  return element(
    'Lookup',
    `${typeElement(types)}<xs:choice>${RECORD_NAME}${where}</xs:choice>` +
      '<xs:element name="Limit" type="t:Limit" minOccurs="0"/><xs:element name="After" type="xs:string" minOccurs="0"/>',
  )
}

function correctXsd(definition: Definition, types: readonly InteractiveType[]): string {
  const sets = types
    .filter(({ statusFields }) => statusFields.length > 0)
    .map(
      ({ type, element: name }) =>
        `<xs:element name="${name}">${recordXsd(definition, type, 'status')}</xs:element>`,
    )
  const set =
    sets.length === 0
      ? ''
      : element('Set', sets.length === 1 ? (sets[0] ?? '') : `<xs:choice>${sets.join('')}</xs:choice>`)
  const close = types.some(({ closes }) => closes) ? '<xs:element name="Close" type="t:Empty"/>' : ''
  const remove = types.some(({ deletes }) => deletes) ? '<xs:element name="Delete" type="t:Empty"/>' : ''
  return element(
    'CorrectStatus',
    `${typeElement(types)}<xs:choice>${RECORD_NAME}</xs:choice>` +
      '<xs:element name="Version" type="xs:positiveInteger" minOccurs="0"/>' +
      `<xs:choice>${set}${close}${remove}</xs:choice>`,
  )
}

const MESSAGES = element(
  'Messages',
  '<xs:element name="MessageType" type="t:MessageType" minOccurs="0"/><xs:element name="Number" type="xs:positiveInteger" minOccurs="0"/>' +
    '<xs:element name="After" type="xs:nonNegativeInteger" minOccurs="0"/><xs:element name="Limit" type="t:Limit" minOccurs="0"/>',
)

const CLEAR = `<xs:element name="ClearMessages"><xs:complexType><xs:choice>
<xs:element name="Number" type="xs:positiveInteger" maxOccurs="1000"/><xs:element name="UpTo" type="xs:positiveInteger"/>
</xs:choice></xs:complexType></xs:element>`

function answerXsd(definition: Definition, types: readonly InteractiveType[]): string {
  const views = types.map(
    ({ type, element: name }) =>
      `<xs:element name="${name}">${recordXsd(definition, type, 'view')}</xs:element>`,
  )
  return `<xs:element name="Answer"><xs:complexType><xs:sequence>
<xs:element name="Operation" type="xs:string"/>
<xs:choice>
<xs:element name="Done"><xs:complexType><xs:sequence>
<xs:element name="Repeated" type="xs:boolean"/><xs:element name="Outcome" type="t:Outcome"/><xs:element name="Type" type="t:RecordType"/>
<xs:element name="RecordId" type="xs:string" minOccurs="0"/><xs:element name="Key" type="xs:string" minOccurs="0"/>
<xs:element name="Status" type="t:Status" minOccurs="0"/><xs:element name="StatusLabel" type="xs:string" minOccurs="0"/>
<xs:element name="Version" type="xs:positiveInteger" minOccurs="0"/>
<xs:element name="Finding" type="t:Finding" minOccurs="0" maxOccurs="unbounded"/>
<xs:element name="Receipt"><xs:complexType><xs:sequence><xs:element name="Tracking" type="xs:string"/><xs:element name="Reference" type="xs:anyURI"/></xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="Found"><xs:complexType><xs:sequence>
<xs:element name="Record" minOccurs="0" maxOccurs="${ANSWER_ITEMS_MAX}"><xs:complexType><xs:sequence>
<xs:element name="Type" type="t:RecordType"/><xs:element name="RecordId" type="xs:string"/><xs:element name="Key" type="xs:string"/>
<xs:element name="Partner" type="xs:string"/><xs:element name="Status" type="t:Status"/><xs:element name="StatusLabel" type="xs:string"/>
<xs:element name="Version" type="xs:positiveInteger"/><xs:element name="ChangedAt" type="xs:dateTime"/>
<xs:element name="Finding" type="t:Finding" minOccurs="0" maxOccurs="unbounded"/>
<xs:choice>${views.join('\n')}</xs:choice>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="Next" type="xs:string" minOccurs="0"/>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="Queue"><xs:complexType><xs:sequence>
<xs:element name="Message" minOccurs="0" maxOccurs="${ANSWER_ITEMS_MAX}"><xs:complexType><xs:sequence>
<xs:element name="Number" type="xs:positiveInteger"/><xs:element name="MessageType" type="t:MessageType"/><xs:element name="Type" type="xs:string" minOccurs="0"/>
<xs:element name="RecordId" type="xs:string" minOccurs="0"/><xs:element name="Key" type="xs:string" minOccurs="0"/>
<xs:element name="WorkItem" type="xs:string" minOccurs="0"/><xs:element name="Title" type="xs:string"/><xs:element name="CreatedAt" type="xs:dateTime"/>
<xs:element name="ClearedAt" type="xs:dateTime" minOccurs="0"/>
<xs:element name="Detail" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="name" type="xs:string" use="required"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="Next" type="xs:positiveInteger" minOccurs="0"/>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="Cleared" type="xs:nonNegativeInteger"/>
</xs:choice></xs:sequence></xs:complexType></xs:element>`
}
