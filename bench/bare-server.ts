import fastify from 'fastify'
import pg from 'pg'

/** The limit for single records: a server that does nothing but one durable insert of the body. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
await pool.query(
  'create table bare (id bigint generated always as identity primary key, body jsonb not null)',
)
const app = fastify({ logger: false })
app.post('/records', async (request, reply) => {
  await pool.query({
    name: 'insert',
    text: 'insert into bare (body) values ($1)',
    values: [JSON.stringify(request.body)],
  })
  return reply.code(201).send({ stored: true })
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`${url}\n`)
process.on('SIGTERM', () => process.exit())
