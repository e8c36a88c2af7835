import { join } from 'node:path'
import type { PostgresServer } from '../test/servers/postgres.ts'
import type { Result } from './results.ts'
import { childrenOf, openSite, peakMegabytes } from './site.ts'
import { writeStops } from './stop-file.ts'

const limitMegabytes = 400

/** Peak resident memory of the node and of its reading process while files of growing size are loaded. */
export async function measureMemory(
  postgres: PostgresServer,
  folder: string,
  sizes: readonly number[],
): Promise<Result[]> {
  const results: Result[] = []
  for (const records of sizes) {
    const file = join(folder, `stops-memory-${records}.csv`)
    await writeStops(file, 'CA0990001', records)
    const site = await openSite(postgres)
    const partner = await site.partner('alpha', 'CA0990001')
    const { seconds, view } = await partner.send('ripa', file)
    const pid = site.node.process.pid ?? 0
    const node = await peakMegabytes(pid)
    const reading = Math.max(0, ...(await Promise.all((await childrenOf(pid)).map(peakMegabytes))))
    await site.close()
    const detail = { records, node, reading, seconds, counts: view.counts }
    process.stderr.write(`  ${records}: node ${node} MB, reading ${reading} MB, ${seconds.toFixed(1)} s\n`)
    results.push({
      work: `memory, ${records.toLocaleString('en-US')} stops (node ${node} + reading process ${reading}), at ${Math.round(records / seconds).toLocaleString('en-US')} records/s`,
      ours: node + reading,
      peer: 'limit',
      theirs: limitMegabytes,
      unit: 'MB',
      ratio: (node + reading) / limitMegabytes,
      aim: '≤ 1',
      met: node + reading <= limitMegabytes,
      detail,
    })
  }
  return results
}
