import { expect, test } from 'vitest'
import { type DigestSetting, digestView } from '../../src/feedback/mail/digest-view.ts'
import { composeMail, ownTemplates, templateMistake } from '../../src/feedback/mail/templates.ts'
import type { Digest, NoticeContent } from '../../src/store/notices.ts'
import { contentOf, ZONE } from './notice.ts'

const own = await ownTemplates()
const setting: DigestSetting = { title: 'RIPA stop data', zone: ZONE, publicUrl: 'https://exchange.example/' }

function digestOf(contents: readonly NoticeContent[], change: Partial<Digest> = {}): Digest {
  return {
    contact: 1,
    partner: 'alder',
    partnerName: 'Alder Police Department',
    exchange: 'ripa',
    address: 'chief@alder.example',
    frequency: 'daily',
    language: 'en',
    notices: contents.map((content, index) => ({
      notice: index + 1,
      partner: 'alder',
      exchange: 'ripa',
      realm: content.realm,
      intake: content.intake,
      content,
      at: '2026-03-02T20:30:00Z',
    })),
    ...change,
  }
}

function mailOf(contents: readonly NoticeContent[], change: Partial<Digest> = {}, set = setting) {
  return composeMail(digestView(digestOf(contents, change), set), own)
}

test('a mail says what was received, accepted, accepted with errors and rejected, and how to get the reports', () => {
  const { subject, text, html } = mailOf([contentOf('20260302203000-RIPA-ABCDEFGH')])
  expect(subject).toBe('RIPA stop data: 5 of 120 records rejected')
  expect(text).toMatch(/Records received +120\n +accepted +100\n +accepted with errors +15\n +rejected +5\n/)
  expect(text).toContain('Done 2026-03-02 12:30 (America/Los_Angeles)')
  for (const body of [text, html]) {
    expect(body).toContain('PROD/OUTPUT')
    expect(body).toContain('20260302203000-RIPA-ABCDEFGH_log.txt')
    expect(body).toContain('https://exchange.example/v1/intakes/20260302203000-RIPA-ABCDEFGH')
    expect(body).toContain('DV039')
  }
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100)
})

test('without a public address there is no link', () => {
  const { text, html } = mailOf([contentOf('one')], {}, { ...setting, publicUrl: null })
  expect(text + html).not.toContain('intakes')
})

test('refused files are named with their reasons', () => {
  const refused = [
    { name: 'stops.doc', code: 'FILE_NAME_WRONG', reason: 'Names look like {time}_{ori}.csv.' },
  ]
  const files = { total: 9, refused, refusedMore: 1234 }
  const { subject, text, html } = mailOf([contentOf('one', { files })])
  expect(subject).toContain('1,235 files refused')
  for (const body of [text, html]) {
    expect(body).toContain('stops.doc')
    expect(body).toContain('Names look like {time}_{ori}.csv.')
    expect(body).toContain('and 1,234 more')
  }
})

test('a reason that could quote a record is told in words of our own', () => {
  const refused = [
    { name: 'a.json', code: 'FILE_MALFORMED', reason: "unexpected 'Jane Roe, 555-12-3456'" },
    { name: 'b.json', code: 'FILE_NAME_DISAGREES', reason: 'The record says 555-12-3456.' },
    { name: 'c.json', code: 'SOMETHING_NEW', reason: 'of 555-12-3456' },
  ]
  const { subject, text, html } = mailOf([contentOf('one', { files: { total: 3, refused, refusedMore: 0 } })])
  expect(subject + text + html).not.toMatch(/555|Roe/)
  expect(text).toContain('FILE_MALFORMED: The file cannot be read')
  expect(text).toContain('SOMETHING_NEW')
})

test('what was sent for trying out is marked', () => {
  const live = contentOf('live-one')
  const trial = contentOf('trial-one', { realm: 'test' })
  const allTest = mailOf([trial])
  expect(allTest.subject).toMatch(/^\[TEST\] /)
  expect(allTest.text).toMatch(/^TEST: nothing of this counts/)
  expect(allTest.html).toContain('TEST: nothing of this counts')
  const mixed = mailOf([live, trial])
  expect(mixed.subject).not.toContain('TEST')
  expect(mixed.text).toContain('TEST  trial-one')
  expect(mixed.text).not.toContain('TEST  live-one')
  expect(mixed.text).toMatch(/Records received +120\n/)
  expect(mixed.text).toContain('Not counted above: 1 TEST delivery.')
  expect(mixed.html).toContain('Not counted: 1 TEST delivery.')
  expect(mailOf([live]).html).not.toContain('TEST')
})

test('names cannot start a header, a line or a tag of their own', () => {
  const nasty = '</td><script>alert(1)</script>\r\nBcc: all@evil.example\n\u202Egnp\u0000"\u2028\'&'
  const files = {
    total: 1,
    refused: [{ name: nasty, code: 'FILE_NAME_WRONG', reason: nasty }],
    refusedMore: 0,
  }
  const { subject, text, html } = mailOf(
    [
      contentOf(nasty, {
        files,
        outputFolder: nasty,
        reports: [nasty],
        topCodes: [{ code: nasty, count: 1 }],
      }),
    ],
    { partnerName: nasty },
    { ...setting, title: nasty },
  )
  expect(subject).not.toMatch(/[\r\n]/)
  expect(text).not.toMatch(/^Bcc:/m)
  expect(text + html + subject).not.toMatch(/[\0\u202e\u2028\r]/)
  expect(html).not.toMatch(/<script|<\/td><script/)
  expect(html).toContain('&lt;script&gt;')
  expect(html.match(/<a href="([^"]*)"/)?.[1]).not.toMatch(/[<>\s]/)
})

test('a digest of a week lists the latest deliveries and counts all', () => {
  const contents = Array.from({ length: 500 }, (_, index) => contentOf(`intake-${index}`))
  const { text, html } = mailOf(contents)
  expect(text).toMatch(/Deliveries +500\n/)
  expect(text).toMatch(/Records received +60,000\n/)
  expect(text).toContain('intake-499\n')
  expect(text).not.toContain('intake-400\n')
  expect(text).toContain('and 470 earlier deliveries')
  expect(html.length).toBeLessThan(100_000)
})

test('an exchange may bring a template; what it puts into HTML is escaped all the same', () => {
  const html = '<p>{{ partner.name }}</p>'
  const view = digestView(digestOf([contentOf('one')], { partnerName: 'A & <B>' }), setting)
  expect(composeMail(view, { ...own, html }).html).toBe('<p>A &amp; &lt;B&gt;</p>\n')
  expect(composeMail(view, { ...own, subject: 'For\n{{ partner.name }}\n' }).subject).toBe('For A & <B>')
})

test('the templates that come with Tributary work', () => {
  expect(templateMistake('subject', own.subject)).toBeNull()
  expect(templateMistake('text', own.text)).toBeNull()
  expect(templateMistake('html', own.html)).toBeNull()
})

test.each([
  ['{{ partner.name ', 'not closed', 1],
  ['first\n{% if all_test %}x', 'not closed', 2],
  ['first\n{{ partner.naem }}', 'naem', 2],
  ['{{ totals.records.received | coutn }}', 'coutn', 1],
  ['{% render "other" %}', 'other', 1],
  ['{% include "../../../../etc/passwd" %}', 'passwd', 1],
  ['{{ partner.constructor.constructor }}', 'constructor', 1],
  ['{% for i in (1..9000000000) %}{{ i }}{% endfor %}', 'limit', 1],
])('the template %s is refused with its line', (text, message, line) => {
  const mistake = templateMistake('text', text)
  expect(mistake?.message).toContain(message)
  expect(mistake?.line).toBe(line)
})
