import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { verifyAudit } from '../../src/identity/audit.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { testDatabases } from '../database.ts'

const line = {
  account: null,
  partner: 'alder',
  action: 'GET /v1/records',
  status: 200,
  request: 'r',
  address: '192.0.2.7',
}

describe.each(testDatabases())('the audit log on $name', ({ open }) => {
  let db: Database
  let identity: Identity
  const start = () => createIdentity({ db, now: Date.now, config: { tokenMinutes: 15 } })
  const run = (statement: ReturnType<typeof sql>) =>
    db.transact((tx) => tx.rows<Record<string, unknown>>(statement))
  const verify = async (head: string | null = null) =>
    verifyAudit(db, (await identity.publicKeys()).keys, head)

  beforeAll(async () => {
    // These tests say when to seal; the clock would make a seal in the middle of theirs.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    db = await open()
    identity = start()
  }, 60_000)
  /** Three seals of four entries each: 1–4, 5–8, 9–12. */
  beforeEach(async () => {
    await identity.audit.seal()
    await run(sql`truncate audit_entry, audit_seal restart identity`)
    await run(sql`update audit_head set seal = 0`)
    for (let seal = 0; seal < 3; seal += 1) {
      for (let count = 0; count < 4; count += 1)
        await identity.audit.write({ ...line, target: `${seal}/${count}` })
      await identity.audit.seal()
    }
  })
  afterAll(async () => {
    vi.useRealTimers()
    await db.close()
  })

  test('a log that nobody touched is good, and counts what it holds', async () => {
    expect(await verify()).toMatchObject({ ok: true, seals: 3, entries: 12, unsealed: 0, bad: null })
  })

  test('sealing works as the first thing a process does', async () => {
    const neighbour = start()
    await neighbour.audit.write({ ...line, target: 'first' })
    await neighbour.audit.seal()
    expect((await verify()).entries).toBe(13)
    await neighbour.audit.close()
  })

  test('several processes that seal at once make one chain', async () => {
    const all = [identity, start(), start()]
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(all.map((one, index) => one.audit.write({ ...line, target: `${round}-${index}` })))
      await Promise.all(all.map((one) => one.audit.seal()))
    }
    expect(await verify()).toMatchObject({ ok: true, entries: 27, unsealed: 0 })
    for (const one of all.slice(1)) await one.audit.close()
  })

  test.each([
    ['deleted', sql`delete from audit_entry where entry = 7`, 7],
    ['edited', sql`update audit_entry set address = '198.51.100.1' where entry = 6`, 6],
    ['blamed on another account', sql`update audit_entry set account = 'x' where entry = 10`, 10],
    ['moved in time', sql`update audit_entry set at = at - interval '1 day' where entry = 2`, 2],
    ['taken out of its seal', sql`update audit_entry set seal = null where entry = 8`, 8],
    ['moved to another seal', sql`update audit_entry set seal = 2 where entry = 11`, 11],
    [
      'exchanged with another',
      sql`update audit_entry a set target = b.target from audit_entry b
           where a.entry in (5, 6) and b.entry in (5, 6) and a.entry <> b.entry`,
      5,
    ],
  ])('an entry that was %s is named', async (_how, tampering, entry) => {
    await run(tampering)
    const verdict = await verify()
    expect(verdict.ok).toBe(false)
    expect(verdict.bad?.entry).toBe(entry)
  })

  test('entries forged into a sealed part are found', async () => {
    await run(sql`
      insert into audit_entry (at, action, target, status, request, address, seal)
      select at, action, 'forged', status, request, address, 2 from audit_entry where entry = 5`)
    expect(await verify()).toMatchObject({ ok: false, bad: { seal: 2, entry: 13 } })
  })

  test('a log cut short is found out: its end, a seal in the middle, and everything', async () => {
    const { head } = await verify()
    await run(sql`delete from audit_entry where seal = 3`)
    expect((await verify()).bad).toMatchObject({ seal: 3, entry: 9 })
    await run(sql`delete from audit_seal where seal = 3`)
    expect((await verify()).ok).toBe(false)
    // Whoever also sets the node's own count back is found out by a head that was kept elsewhere.
    await run(sql`update audit_head set seal = 2`)
    expect((await verify()).ok).toBe(true)
    expect((await verify(head)).ok).toBe(false)
    await run(sql`delete from audit_seal where seal = 1`)
    expect((await verify()).bad?.reason).toMatch(/seal 1 is missing/)
  })

  test('seals signed again with another key are refused, whatever name the key takes', async () => {
    const { keys } = await identity.publicKeys()
    const paper = keys[0]?.kid
    const { publicKey } = generateKeyPairSync('ed25519')
    const stolen = keys.map((key) => ({ ...key, ...publicKey.export({ format: 'jwk' }) }))
    expect((await verifyAudit(db, stolen, null)).bad?.reason).toMatch(/signature/)
    expect(paper).toBeDefined()
    await run(sql`update audit_seal set kid = 'unknown' where seal = 2`)
    expect((await verify()).bad).toMatchObject({ seal: 2 })
  })
})
