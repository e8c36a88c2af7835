import { expect, test } from 'vitest'
import { describeConfig, readConfig } from '../../src/node/config.ts'
import { readSmtpSettings, smtpSettings } from '../../src/outbound/smtp-settings.ts'

const set = (url: string, from: string | null = 'Exchange <exchange@centre.example>', more: object = {}) =>
  smtpSettings({ mailUrl: url, mailFrom: from, mailTls: 'required', mailCa: null, ...more })

test('a mail server is one address with name and password in it', () => {
  expect(set('smtp://node:p%40ss%3A@mail.example')).toEqual({
    host: 'mail.example',
    port: 587,
    secure: false,
    tls: 'required',
    user: 'node',
    password: 'p@ss:',
    from: { name: 'Exchange', address: 'exchange@centre.example' },
  })
  expect(set('smtps://mail.example')).toMatchObject({ port: 465, secure: true, user: null, password: null })
  expect(set('smtp://[::1]:2525', 'exchange@centre.example')).toMatchObject({
    host: '::1',
    port: 2525,
    from: { name: '', address: 'exchange@centre.example' },
  })
})

test('without an address of a mail server, mail is not set up', () => {
  expect(smtpSettings({ mailUrl: null, mailFrom: null, mailTls: 'required', mailCa: null })).toBeNull()
})

test.each([
  ['http://mail.example'],
  ['mail.example:25'],
  ['smtp://'],
  ['smtp://mail.example/path'],
  ['smtp://mail.example?x=1'],
  ['smtp://%zz:secret@mail.example'],
])('%s is no mail server', (url) => {
  expect(() => set(url)).toThrow('TRIBUTARY_MAIL_URL must look like')
})

test.each([
  [null],
  ['nobody'],
  ['a@b.example, c@d.example'],
  ['A <a@b.example>\r\nBcc: c@d.example'],
  ['a@[1.2.3.4]'],
])('the sender %j is refused', (from) => {
  expect(() => set('smtp://mail.example', from)).toThrow('TRIBUTARY_MAIL_FROM')
})

test('mail without TLS stays on this machine, and a password is not risked', () => {
  expect(set('smtp://127.0.0.1:25', undefined, { mailTls: 'off' })).toMatchObject({ tls: 'off' })
  expect(() => set('smtp://mail.example', undefined, { mailTls: 'off' })).toThrow('on this machine')
  expect(() => set('smtp://127.0.0.1.mail.example', undefined, { mailTls: 'off' })).toThrow('on this machine')
  expect(() => set('smtp://u:p@mail.example', undefined, { mailTls: 'opportunistic' })).toThrow('in clear')
})

test('mistakes are told together when a node starts, without the password', () => {
  const env = {
    TRIBUTARY_MAIL_URL: 'smtp://node:hunter2@mail.example/x',
    TRIBUTARY_MAIL_TLS: 'maybe',
    TRIBUTARY_PORT: 'x',
  }
  try {
    readConfig(env)
    expect.unreachable()
  } catch (error) {
    const { message } = error as Error
    expect(message).toContain('TRIBUTARY_MAIL_URL')
    expect(message).toContain('TRIBUTARY_MAIL_TLS must be required, opportunistic or off')
    expect(message).toContain('TRIBUTARY_PORT')
    expect(message).not.toContain('hunter2')
  }
})

test('the settings as shown hide the address of the mail server', () => {
  const env = { TRIBUTARY_MAIL_URL: 'smtp://node:hunter2@mail.example', TRIBUTARY_MAIL_FROM: 'a@b.example' }
  expect(describeConfig(readConfig(env))).not.toContain('hunter2')
})

test('a file of authorities that cannot be read is told by its name', async () => {
  const config = { mailUrl: 'smtp://mail.example', mailFrom: 'a@b.example', mailTls: 'required' } as const
  await expect(readSmtpSettings({ ...config, mailCa: '/nowhere/ca.pem' })).rejects.toThrow(
    '/nowhere/ca.pem (TRIBUTARY_MAIL_CA) cannot be read.',
  )
})
